import { Button, Modal, MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { type Environment, environmentsApi, looserRules, policyOf, waiverDays } from '@sluice/shared/api';
import { webhookSchemes } from '@sluice/shared/connector';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { environmentsQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { Proposal } from './Proposal.js';
import { type RulesDraft, draftOf, toPolicy } from './rules-draft.js';
import { useProposal } from './use-proposal.js';
import classes from './Settings.module.css';

const signed = webhookSchemes.filter((scheme) => scheme !== 'none');

/** Who has to approve what in an environment, for how long, and what may be reached at all. */
export function RulesDialog(props: { environment: Environment; mayManage: boolean; onClose: () => void }) {
  const { environment } = props;
  const others = (useQuery(environmentsQuery()).data?.items ?? []).filter(({ id }) => id !== environment.id);
  const [draft, setDraft] = useState(() => draftOf(environment.policy));
  const update = useWrite(environmentsApi.update, { renews: [['environments'], ['grants']], onDone: props.onClose });
  const set = (change: Partial<RulesDraft>) => setDraft({ ...draft, ...change });
  const policy = { ...environment.policy, ...toPolicy(draft) };
  const weaker = looserRules(environment.policy, policyOf(policy)).length > 0;
  const waiting = useProposal(environment, props.onClose);
  return (
    <Modal
      opened={!update.asking && waiting?.asking !== true}
      onClose={props.onClose}
      title={`Rules of approval in ${environment.name}`}
      size={560}
    >
      {waiting && <Proposal environment={environment} waiting={waiting} />}
      {props.mayManage && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            update.run({
              input: {
                params: { id: environment.id },
                body: { policy },
              },
              confirm: {
                title: `Change the rules of ${environment.name}`,
                body: weaker
                  ? 'This is weaker than before: it takes effect once a second person confirms it, and the log says who did.'
                  : 'The rules hold for every decision and every call from now on.',
                verb: weaker ? 'Ask for the change' : 'Change the rules',
                danger: weaker,
                always: true,
              },
            });
          }}
        >
          {update.problem && (
            <Notice tone="failed" title={update.problem.message}>
              {update.problem.issues.map(({ message }) => message).join(' ')}
            </Notice>
          )}
          <Switch
            label="Four eyes: who asks, who edited last and who approves differ"
            checked={draft.fourEyes}
            onChange={(event) => set({ fourEyes: event.currentTarget.checked })}
          />
          <Switch
            label="Two approvers sign what is of high risk"
            checked={draft.twoApprovers}
            onChange={(event) => set({ twoApprovers: event.currentTarget.checked })}
          />
          <NumberInput
            label="A new approver waits, hours"
            min={0}
            max={168}
            value={draft.newApproverHours}
            onChange={(value) => set({ newApproverHours: Number(value) })}
          />
          <NumberInput
            label="Grants last at most, days"
            min={1}
            max={366}
            value={draft.grantDays}
            onChange={(value) => set({ grantDays: Number(value) })}
          />
          <NumberInput
            label="Offer to take back what was not used for, days"
            min={1}
            max={365}
            value={draft.reviewDays}
            onChange={(value) => set({ reviewDays: Number(value) })}
          />
          <TagsInput
            label="Only these hosts"
            description="api.example.com, *.example.com or host:port; empty: whatever a grant allows."
            value={draft.hosts}
            onChange={(hosts) => set({ hosts })}
          />
          <MultiSelect
            label="Webhooks signed by"
            description="Empty: any of them."
            data={signed}
            value={draft.schemes}
            onChange={(schemes) => set({ schemes })}
          />
          <TextInput
            type="date"
            label="Take webhooks without a signature until"
            description={`A waiver of ${waiverDays} days at most: anybody who knows the address can start runs until then. Empty: never.`}
            max={new Date(now().getTime() + waiverDays * 86_400_000).toISOString().slice(0, 10)}
            value={draft.unsignedUntil}
            onChange={(event) => set({ unsignedUntil: event.currentTarget.value })}
          />
          <Select
            label="Only versions that ran in"
            clearable
            placeholder="Any version"
            data={others.map(({ name }) => name)}
            value={draft.after}
            onChange={(after) => set({ after })}
          />
          <div className={classes.foot}>
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={update.busy}>
              Change the rules
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
