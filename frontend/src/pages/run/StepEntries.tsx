import type { StepEntry } from '@sluice/shared/api';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { stepEntriesQuery } from '../../api/queries.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import classes from './Run.module.css';

/** What the log holds of one step, each entry with its place in the log for who may read that. */
export function StepEntries(props: { runId: string; stepKey: string; mayAudit: boolean }) {
  const { runId } = props;
  const query = useInfiniteQuery(stepEntriesQuery(runId, props.stepKey));
  const problem = query.error && toProblem(query.error);
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const word = ({ action, attempt }: StepEntry) => (attempt === null ? action : `${action}, try ${attempt}`);
  return (
    <PanelPart>
      {query.isPending && <LoadingRows what="its entries" rows={3} />}
      {problem && (
        <LoadFailed
          what="Its entries"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && entries.length === 0 && (
        <p className="voice-3">It has no entry of its own: an entry of its run tells of it.</p>
      )}
      <ol className={classes.entries} aria-label="Entries of the log">
        {entries.map((entry) => (
          <li key={entry.id}>
            <Time at={entry.at} as="precise" />
            {props.mayAudit ? (
              <Link to="/audit" search={{ run: runId, q: entry.id, open: entry.id }}>
                {word(entry)}
              </Link>
            ) : (
              <span>{word(entry)}</span>
            )}
          </li>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          size="sm"
          variant="default"
          fullWidth
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </PanelPart>
  );
}
