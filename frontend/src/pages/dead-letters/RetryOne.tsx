import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { runQuery } from '../../api/queries.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { RetryDialog } from '../run/RetryDialog.js';

/** The retry dialog of a run that only its row is known of. */
export function RetryOne(props: { run: string; onClose: () => void }) {
  const run = useQuery(runQuery(props.run));
  if (run.data) return <RetryDialog run={run.data} onClose={props.onClose} />;
  const problem = run.error && toProblem(run.error);
  return (
    <Modal opened onClose={props.onClose} title="Retry this run" size={560}>
      {problem ? (
        <LoadFailed
          what="This run"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void run.refetch()}
        />
      ) : (
        <LoadingRows what="the run" />
      )}
    </Modal>
  );
}
