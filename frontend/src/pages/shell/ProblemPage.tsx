import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { Page } from '../../ui/Page.js';

/** When a screen can't be drawn at all. */
export function ProblemPage(props: ErrorComponentProps) {
  const router = useRouter();
  const problem = toProblem(props.error);
  return (
    <Page title="Something failed">
      <LoadFailed
        what="This screen"
        message={problem.message}
        requestId={problem.requestId ?? undefined}
        onRetry={() => {
          props.reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
