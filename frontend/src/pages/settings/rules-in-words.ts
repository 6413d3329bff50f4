import { approvalRules, type EnvironmentPolicy, maskedIn } from '@sluice/shared/api';
import { plural } from '../../lib/format-count.js';

/** The rules of approval of an environment, in a line or two. */
export function rulesInWords(policy: EnvironmentPolicy): string {
  const rules = approvalRules(policy);
  const ask = policy.approval
    ? [
        rules.fourEyes ? 'Four eyes' : 'One person may ask and approve',
        rules.twoApprovers && 'two approvers for high risk',
        rules.newApproverHours > 0 && `new approvers wait ${plural(rules.newApproverHours, 'hour')}`,
        `grants last ${plural(rules.grantDays, 'day')} at most`,
      ]
    : [];
  const rest = [
    policy.masked !== undefined && `runs mask ${[...maskedIn(policy)].join(', ')}`,
    policy.hosts !== undefined && `only ${policy.hosts.join(', ')}`,
    policy.webhooks?.schemes !== undefined && `webhooks signed by ${policy.webhooks.schemes.join(', ')}`,
    policy.after !== undefined && `only what ran in ${policy.after}`,
  ];
  const words = [...ask, ...rest].filter((word) => word !== false).join(', ');
  return words === '' ? 'Nobody has to approve.' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
