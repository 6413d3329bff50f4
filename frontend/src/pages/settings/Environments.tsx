import { Button, Modal, Switch, TextInput } from '@mantine/core';
import {
  allowsIn,
  type CallLimits,
  type Environment,
  environmentsApi,
  looserRules,
  maskedIn,
} from '@sluice/shared/api';
import { fieldClasses } from '@sluice/shared/connector';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, meQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { ClassesChoice } from './ClassesChoice.js';
import { LimitsFields, limitWords } from './LimitsFields.js';
import { daysText, RetentionChoice } from './RetentionChoice.js';
import { RulesDialog } from './RulesDialog.js';
import { rulesInWords } from './rules-in-words.js';
import classes from './Settings.module.css';

type Policy = Environment['policy'];
const renews = [['environments']];
const maskable = ['personal', 'payment', 'health'] as const;

export function Environments(props: { mayAdd: boolean }) {
  const environments = useQuery(environmentsQuery());
  const [isAdding, setAdding] = useState(false);
  const problem = environments.error && toProblem(environments.error);
  return (
    <Card
      flush
      title="Environments and their policy"
      aside={
        props.mayAdd && (
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPlus size={14} stroke={2} />}
            onClick={() => setAdding(true)}
          >
            Add
          </Button>
        )
      }
    >
      {problem && (
        <LoadFailed
          what="Environments"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void environments.refetch()}
        />
      )}
      <ul>
        {[...(environments.data?.items ?? [])]
          .sort((a, b) => a.position - b.position)
          .map((environment) => (
            <EnvironmentRow key={environment.id} environment={environment} />
          ))}
      </ul>
      {isAdding && <AddDialog onClose={() => setAdding(false)} />}
    </Card>
  );
}

function EnvironmentRow({ environment }: { environment: Environment }) {
  const update = useWrite(environmentsApi.update, { renews });
  const [isEditing, setEditing] = useState(false);
  const me = useQuery(meQuery()).data;
  const { proposal } = environment;
  const mayManage = me !== undefined && allowsIn(me, 'policies.manage', environment.name);
  const mayAnswer = proposal !== null && me !== undefined && allowsIn(me, 'grants.decide', environment.name);
  function change(policy: Policy) {
    const isWeaker =
      (environment.policy.approval && !policy.approval) ||
      (environment.policy.production && !policy.production) ||
      (!environment.policy.code && policy.code === true) ||
      (policy.classes ?? fieldClasses).some((name) => !(environment.policy.classes ?? fieldClasses).includes(name));
    const shown = [...maskedIn(environment.policy)].filter((name) => !maskedIn(policy).has(name));
    const waits = looserRules(environment.policy, policy).length > 0;
    const isKept = policy.retentionDays === environment.policy.retentionDays;
    update.run({
      // In production all is masked: what stood there of it is taken back with the switch.
      input: {
        params: { id: environment.id },
        body: { policy: policy.production ? { ...policy, masked: null } : policy },
      },
      confirm: {
        title: `Change the policy of ${environment.name}`,
        body:
          shown.length > 0
            ? `${waits ? 'Once a second person confirms it, everybody' : 'Everybody'} who may read runs of ${environment.name} sees ${shown.join(', ')} data in them as it is, in those that ran already too. Data that nobody declared counts as personal.`
            : waits
              ? 'This is weaker than before: it takes effect once a second person confirms it, and the log says who did.'
              : isWeaker
                ? 'This is weaker than before: less is asked before something runs here.'
                : isKept
                  ? 'This holds for the next deployment.'
                  : `What begins from now on is kept for ${daysText(policy.retentionDays)}; what is here already goes when it would have gone.`,
        verb: waits ? 'Ask for the change' : 'Change the policy',
        danger: isWeaker || shown.length > 0,
        always: true,
      },
    });
  }
  function limit(flowLimits: CallLimits | null) {
    update.run({
      input: { params: { id: environment.id }, body: { policy: { ...environment.policy, flowLimits } } },
      confirm: {
        title: `Change the limit of ${environment.name}`,
        body: `Each flow calls ${limitWords(flowLimits)}, on all machines together. Past it, its calls wait.`,
        verb: 'Change the limit',
        always: true,
      },
    });
  }
  return (
    <li className={classes.environment}>
      <div className={classes.environmentHead}>
        <EnvironmentChip name={environment.name} />
        <p className="voice-2">{rulesInWords(environment.policy)}</p>
        {(mayManage || mayAnswer) && (
          <Button
            size="sm"
            variant="default"
            aria-label={`Rules of approval in ${environment.name}`}
            onClick={() => setEditing(true)}
          >
            Rules of approval
          </Button>
        )}
      </div>
      {update.problem && <Notice tone="failed" title={update.problem.message} />}
      {proposal && (
        <Notice tone="waiting" title={`${proposal.by.name} asks to loosen the rules of ${environment.name}`}>
          {mayAnswer ? 'See under “Rules of approval” what would change.' : 'A second person has to confirm it.'}
        </Notice>
      )}
      <PolicyFields
        policy={environment.policy}
        disabled={!mayManage || update.busy}
        of={environment.name}
        onChange={change}
      >
        <div>
          <p className="label">Each flow calls {limitWords(environment.policy.flowLimits ?? null)}</p>
          {mayManage && (
            <LimitsFields
              key={JSON.stringify(environment.policy.flowLimits)}
              of={`each flow of ${environment.name}`}
              limits={environment.policy.flowLimits ?? null}
              busy={update.busy}
              onChange={limit}
            />
          )}
        </div>
      </PolicyFields>
      {isEditing && <RulesDialog environment={environment} mayManage={mayManage} onClose={() => setEditing(false)} />}
    </li>
  );
}

function PolicyFields(props: {
  policy: Policy;
  disabled?: boolean;
  of: string;
  onChange: (policy: Policy) => void;
  children?: React.ReactNode;
}) {
  return (
    <div className={classes.policy}>
      <Switch
        label="Needs approval"
        aria-label={`${props.of} needs approval`}
        checked={props.policy.approval}
        disabled={props.disabled}
        onChange={(event) => props.onChange({ ...props.policy, approval: event.currentTarget.checked })}
      />
      <Switch
        label="Is production: no stand-ins, no unsigned webhooks"
        aria-label={`${props.of} is production`}
        checked={props.policy.production}
        disabled={props.disabled}
        onChange={(event) => props.onChange({ ...props.policy, production: event.currentTarget.checked })}
      />
      <Switch
        label="Code steps may run"
        aria-label={`Code steps may run in ${props.of}`}
        checked={props.policy.code === true}
        disabled={props.disabled}
        onChange={(event) => props.onChange({ ...props.policy, code: event.currentTarget.checked })}
      />
      <ClassesChoice
        label="Data that flows may send out"
        name={`Data that flows may send out of ${props.of}`}
        all={fieldClasses}
        classes={props.policy.classes}
        disabled={props.disabled}
        onChange={(chosen) => props.onChange({ ...props.policy, classes: chosen })}
      />
      <ClassesChoice
        label={props.policy.production ? 'Masked in runs: in production, always' : 'Masked in runs, beside secrets'}
        name={`Data that is masked in runs of ${props.of}`}
        all={maskable}
        classes={props.policy.production ? maskable : props.policy.masked}
        disabled={props.disabled === true || props.policy.production}
        onChange={(masked) => props.onChange({ ...props.policy, masked })}
      />
      <RetentionChoice
        days={props.policy.retentionDays}
        disabled={props.disabled}
        of={props.of}
        onChange={(retentionDays) => props.onChange({ ...props.policy, retentionDays })}
      />
      {props.children}
    </div>
  );
}

function AddDialog(props: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [policy, setPolicy] = useState<Policy>({ approval: true, production: false, retentionDays: 90 });
  const create = useWrite(environmentsApi.create, { renews, onDone: props.onClose });
  return (
    <Modal opened onClose={props.onClose} title="Add an environment">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          create.run({
            input: { body: { name, policy } },
            confirm: {
              title: `Add ${name}`,
              body: 'It has connections of its own; nothing is taken over from another environment.',
              verb: 'Add',
            },
          });
        }}
      >
        {create.problem && (
          <Notice tone="failed" title={create.problem.message}>
            {create.problem.issues.map(({ message }) => message).join(' ')}
          </Notice>
        )}
        <TextInput
          label="Name"
          description="Lower case, as in the API: qa"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <PolicyFields policy={policy} of={name || 'It'} onChange={setPolicy} />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={name === ''}>
            Add
          </Button>
        </div>
      </form>
    </Modal>
  );
}
