import { Button } from '@mantine/core';
import type { Environment } from '@sluice/shared/api';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { looserInWords } from './looser-in-words.js';
import type { useProposal } from './use-proposal.js';
import classes from './Settings.module.css';

type Waiting = NonNullable<ReturnType<typeof useProposal>>;

/** A looser policy that waits: what changes, who asked, whom it waits for, and the answer. */
export function Proposal({ environment, waiting }: { environment: Environment; waiting: Waiting }) {
  const { proposal, isMine, mayDecide, mayConfirm, busy, problem } = waiting;
  const changes = looserInWords(proposal.looser, { before: environment.policy, after: proposal.policy });
  return (
    <div className={classes.form}>
      {problem && <Notice tone="failed" title={problem.message} />}
      <Notice tone="waiting" title={`${isMine ? 'You ask' : `${proposal.by.name} asks`} to loosen these rules`}>
        <ul aria-label="What changes">
          {changes.map(({ rule, before, after }) => (
            <li key={rule}>
              {before} → <strong>{after}</strong>
            </li>
          ))}
        </ul>
        <p>
          Asked <Time at={proposal.at} />. <WaitsFor waiting={waiting} />
        </p>
      </Notice>
      {mayDecide && (
        <div className={classes.answers}>
          <Button variant="default" loading={busy} onClick={waiting.refuse}>
            {isMine ? 'Withdraw' : 'Refuse'}
          </Button>
          {(!isMine || waiting.isAlone) && (
            <Button loading={busy} disabled={!mayConfirm} onClick={waiting.confirm}>
              Confirm the change
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function WaitsFor({ waiting }: { waiting: Waiting }) {
  const { waitsFor, isAlone, isMine, proposal } = waiting;
  if (!isAlone) return <>It takes effect once {waitsFor.join(' or ')} confirms it.</>;
  return (
    <>
      Nobody else may decide here: {isMine ? 'you' : proposal.by.name} can confirm it from{' '}
      <Time at={proposal.aloneFrom} />.
    </>
  );
}
