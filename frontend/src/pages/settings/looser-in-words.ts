import { approvalRules, type EnvironmentPolicy, type LooserRule, maskedIn } from '@sluice/shared/api';
import { fieldClasses } from '@sluice/shared/connector';
import { plural } from '../../lib/format-count.js';

/** What a rule says in a policy, as one phrase. */
const words: Record<LooserRule, (policy: EnvironmentPolicy) => string> = {
  approval: ({ approval }) => (approval ? 'needs approval' : 'nobody has to approve'),
  production: ({ production }) => (production ? 'is production' : 'is not production'),
  fourEyes: (policy) => (approvalRules(policy).fourEyes ? 'four eyes' : 'one person may ask and approve'),
  twoApprovers: (policy) => (approvalRules(policy).twoApprovers ? 'two approvers for high risk' : 'one approver'),
  newApproverHours: (policy) => `new approvers wait ${plural(approvalRules(policy).newApproverHours, 'hour')}`,
  grantDays: (policy) => `grants last ${plural(approvalRules(policy).grantDays, 'day')} at most`,
  code: ({ code }) => (code === true ? 'code steps may run' : 'no code steps'),
  classes: ({ classes = fieldClasses }) => `flows send out ${classes.length === 0 ? 'nothing' : classes.join(', ')}`,
  masked: (policy) => `${[...maskedIn(policy)].join(', ')} masked in runs`,
  hosts: ({ hosts }) => (hosts === undefined ? 'any host that a grant allows' : `only ${hosts.join(', ')}`),
  webhooks: ({ webhooks }) =>
    [
      webhooks?.schemes === undefined
        ? 'webhooks signed in any way'
        : `webhooks signed by ${webhooks.schemes.join(', ')}`,
      webhooks?.unsignedUntil !== undefined && `unsigned ones until ${webhooks.unsignedUntil.slice(0, 10)}`,
    ]
      .filter((part) => part !== false)
      .join(', '),
  after: ({ after }) => (after === undefined ? 'any version' : `only what ran in ${after}`),
};

/** What a proposal would change, rule by rule: only those that become looser. */
export function looserInWords(
  rules: readonly LooserRule[],
  { before, after }: { before: EnvironmentPolicy; after: EnvironmentPolicy },
): { rule: LooserRule; before: string; after: string }[] {
  return rules.map((rule) => ({ rule, before: words[rule](before), after: words[rule](after) }));
}
