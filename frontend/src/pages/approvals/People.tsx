import type { Grant } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { formatAhead } from '../../lib/format-time.js';
import { useNow } from '../../lib/now.js';
import { Avatar } from '../../ui/Avatar.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { outcomes } from './outcomes.js';
import { riskWords } from './risk-words.js';
import classes from './Approvals.module.css';

/** The chain of people: four eyes as a fact, or the weaker mode said aloud. */
export function People(props: { grant: Grant }) {
  const { grant } = props;
  const signed = grant.decidedBy === null ? grant.signatures : grant.signatures.slice(0, -1);
  const left = grant.signaturesNeeded - grant.signatures.length;
  return (
    <>
      <ol className={classes.people}>
        <Person name={grant.requestedBy.name} deed="asked" at={grant.requestedAt} />
        {signed.map(({ by, at }) => (
          <Person key={by.id} name={by.name} deed="signed" at={at} signed />
        ))}
        {grant.decidedBy && (
          <Person
            name={grant.decidedBy.name}
            deed={grant.status === 'pending' ? 'signed' : outcomes[grant.status].says.toLowerCase()}
            at={grant.decidedAt}
            signed
          />
        )}
        {grant.status === 'pending' && <Decider grant={grant} left={left} />}
      </ol>
      {grant.decisionReason && <p className="voice-2">“{grant.decisionReason}”</p>}
      {grant.status === 'pending' && grant.highRisk.length > 0 && (
        <Notice tone="waiting" title={grant.signaturesNeeded > 1 ? 'Needs two approvers' : 'High risk'}>
          Because {grant.highRisk.map((risk) => riskWords[risk]).join(', and ')}.
          {grant.signatures.length > 0 && ' You sign what the first approver left of it.'}
        </Notice>
      )}
      <Eyes grant={grant} />
    </>
  );
}

function Person(props: { name: string; deed: string; at: string | null; signed?: boolean }) {
  return (
    <li>
      <Avatar name={props.name} size={28} />
      <span>
        <strong>
          {props.name} {props.deed}
        </strong>
        <span className="label">
          {props.at && <Time at={props.at} />}
          {props.signed && ', second factor'}
        </span>
      </span>
    </li>
  );
}

function Decider({ grant, left }: { grant: Grant; left: number }) {
  const me = useSuspenseQuery(meQuery()).data;
  const others = left > 1 ? 'Two approvers decide' : 'An approver decides';
  return (
    <li>
      <Avatar
        name={grant.mayDecide ? me.name : 'approver'}
        machine={!grant.mayDecide}
        size={28}
        ring={grant.mayDecide}
      />
      <span>
        <strong>{grant.mayDecide ? 'You decide' : others}</strong>
        <span className="label">
          {grant.mayDecide
            ? `${me.name}, ${me.roles.join(', ')}${left > 1 ? '; one more signs after you' : ''}`
            : 'someone other than who asked'}
        </span>
      </span>
    </li>
  );
}

function Eyes({ grant }: { grant: Grant }) {
  const at = useNow(10_000);
  if (grant.status !== 'pending') return null;
  if (grant.soloFrom) {
    return (
      <Notice tone="waiting" title="One approver only">
        Weaker: nobody else looks.{' '}
        {new Date(grant.soloFrom) > at
          ? `You may decide ${formatAhead(new Date(grant.soloFrom), at)}.`
          : 'The waiting time is over.'}
      </Notice>
    );
  }
  if (!grant.mayDecide) return null;
  return (
    <Notice
      tone="succeeded"
      title={grant.signaturesNeeded > 1 ? 'Three people, two signatures' : 'Two people, four eyes'}
    />
  );
}
