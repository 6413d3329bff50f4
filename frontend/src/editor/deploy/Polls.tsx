import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { pollsQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Time } from '../../ui/Time.js';
import { useFlowId } from '../store/flow-id.js';
import classes from './Endpoints.module.css';

/** When a trigger looked for news, by environment, and what keeps it from it. */
export function Polls(props: { stepId: string }) {
  const polls = useQuery(pollsQuery(useFlowId()));
  const problem = polls.error && toProblem(polls.error);
  const shown = polls.data?.items.filter(({ step }) => step === props.stepId) ?? [];
  return (
    <section className={classes.endpoints} aria-label="Looks for news">
      <h3 className={classes.title}>Looks for news</h3>
      {polls.isPending && <LoadingRows what="its looks" rows={1} />}
      {problem && (
        <LoadFailed
          what="Its looks"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void polls.refetch()}
        />
      )}
      {polls.isSuccess && shown.length === 0 && (
        <p className="voice-3">It begins to look when the flow is deployed, with that environment's connection.</p>
      )}
      {shown.map(({ environment, lookedAt, nextAt, trouble }) => (
        <div key={environment} className={classes.endpoint}>
          <div className={classes.head}>
            <EnvironmentChip name={environment} small />
            <span>
              {lookedAt === null ? (
                'Has not looked yet'
              ) : (
                <>
                  Looked <Time at={lookedAt} />, next <Time at={nextAt} as="ahead" />
                </>
              )}
            </span>
          </div>
          {trouble !== null && (
            <p className={classes.trouble} role="status">
              {trouble.times > 0 && (
                <>
                  Failed {plural(trouble.times, 'time')} since <Time at={trouble.since} />.{' '}
                </>
              )}
              {trouble.message}
            </p>
          )}
        </div>
      ))}
    </section>
  );
}
