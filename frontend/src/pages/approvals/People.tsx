import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { formatAhead } from '../../lib/format-time.js';
import { useNow } from '../../lib/now.js';
import { Avatar } from '../../ui/Avatar.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { outcomesOf } from './outcomes.js';
import type { GrantRequest } from './request.js';
import { riskWords } from './risk-words.js';
import classes from './Approvals.module.css';

/** The chain of people: four eyes as a fact, or the weaker mode said aloud. */
export function People(props: { request: GrantRequest }) {
  const { request } = props;
  const signed = request.decidedBy === null ? request.signatures : request.signatures.slice(0, -1);
  const left = request.signaturesNeeded - request.signatures.length;
  return (
    <>
      <ol className={classes.people}>
        <Person name={request.requestedBy.name} deed="asked" at={request.requestedAt} />
        {signed.map(({ by, at }) => (
          <Person key={by.id} name={by.name} deed="signed" at={at} signed />
        ))}
        {request.decidedBy && (
          <Person
            name={request.decidedBy.name}
            deed={request.isPending ? 'signed' : whatBecame(request)}
            at={request.decidedAt}
            signed
          />
        )}
        {request.isPending && <Decider request={request} left={left} />}
      </ol>
      {request.decisionReason && <p className="voice-2">“{request.decisionReason}”</p>}
      {request.isPending && request.highRisk.length > 0 && (
        <Notice tone="waiting" title={request.signaturesNeeded > 1 ? 'Needs two approvers' : 'High risk'}>
          Because {request.highRisk.map((risk) => riskWords[risk]).join(', and ')}.
          {request.signatures.length > 0 && ' You sign what the first approver left of it.'}
        </Notice>
      )}
      <Eyes request={request} />
    </>
  );
}

function whatBecame(request: GrantRequest): string {
  return outcomesOf(request)
    .map(({ says }) => says.toLowerCase())
    .join(', ');
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

function Decider({ request, left }: { request: GrantRequest; left: number }) {
  const me = useSuspenseQuery(meQuery()).data;
  const others = left > 1 ? 'Two approvers decide' : 'An approver decides';
  return (
    <li>
      <Avatar
        name={request.mayDecide ? me.name : 'approver'}
        machine={!request.mayDecide}
        size={28}
        ring={request.mayDecide}
      />
      <span>
        <strong>{request.mayDecide ? 'You decide' : others}</strong>
        <span className="label">
          {request.mayDecide
            ? `${me.name}, ${me.roles.join(', ')}${left > 1 ? '; one more signs after you' : ''}`
            : 'someone other than who asked'}
        </span>
      </span>
    </li>
  );
}

function Eyes({ request }: { request: GrantRequest }) {
  const at = useNow(10_000);
  if (!request.isPending) return null;
  if (request.soloFrom) {
    return (
      <Notice tone="waiting" title="One approver only">
        Weaker: nobody else looks.{' '}
        {new Date(request.soloFrom) > at
          ? `You may decide ${formatAhead(new Date(request.soloFrom), at)}.`
          : 'The waiting time is over.'}
      </Notice>
    );
  }
  if (!request.mayDecide) return null;
  return (
    <Notice
      tone="succeeded"
      title={request.signaturesNeeded > 1 ? 'Three people, two signatures' : 'Two people, four eyes'}
    />
  );
}
