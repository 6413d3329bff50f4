import type { Grant } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { formatAhead } from '../../lib/format-time.js';
import { useNow } from '../../lib/now.js';
import { Avatar } from '../../ui/Avatar.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { outcomes } from './outcomes.js';
import classes from './Approvals.module.css';

/** The chain of people: four eyes as a fact, or the weaker mode said aloud. */
export function People(props: { grant: Grant }) {
  const { grant } = props;
  const me = useSuspenseQuery(meQuery()).data;
  const at = useNow(10_000);
  const isSolo = grant.soloFrom !== null && grant.status === 'pending';
  return (
    <>
      <ol className={classes.people}>
        <li>
          <Avatar name={grant.requestedBy.name} size={28} />
          <span>
            <strong>{grant.requestedBy.name} asked</strong>
            <span className="label">
              <Time at={grant.requestedAt} />
            </span>
          </span>
        </li>
        {grant.decidedBy ? (
          <li>
            <Avatar name={grant.decidedBy.name} size={28} />
            <span>
              <strong>
                {grant.decidedBy.name}: {outcomes[grant.status].says.toLowerCase()}
              </strong>
              <span className="label">{grant.decidedAt && <Time at={grant.decidedAt} />}, second factor</span>
            </span>
          </li>
        ) : (
          <li>
            <Avatar
              name={grant.mayDecide ? me.name : 'approver'}
              machine={!grant.mayDecide}
              size={28}
              ring={grant.mayDecide}
            />
            <span>
              <strong>{grant.mayDecide ? 'You decide' : 'An approver decides'}</strong>
              <span className="label">
                {grant.mayDecide ? `${me.name}, ${me.roles.join(', ')}` : 'someone other than who asked'}
              </span>
            </span>
          </li>
        )}
      </ol>
      {grant.decisionReason && <p className="voice-2">“{grant.decisionReason}”</p>}
      {isSolo && grant.soloFrom && (
        <Notice tone="waiting" title="One approver only">
          Weaker: nobody else looks.{' '}
          {new Date(grant.soloFrom) > at
            ? `You may decide ${formatAhead(new Date(grant.soloFrom), at)}.`
            : 'The waiting time is over.'}
        </Notice>
      )}
      {!isSolo && grant.status === 'pending' && grant.mayDecide && (
        <Notice tone="succeeded" title="Two people, four eyes" />
      )}
    </>
  );
}
