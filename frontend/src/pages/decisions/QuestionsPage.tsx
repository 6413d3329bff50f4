import type { Decision } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { decisionsQuery } from '../../api/queries.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { Time } from '../../ui/Time.js';
import { ApprovalTabs } from './ApprovalTabs.js';
import { DecideForm } from './DecideForm.js';
import classes from './Decisions.module.css';

/** Approvals that runs wait for, oldest first. */
export function QuestionsPage() {
  const decisions = useQuery(decisionsQuery());
  const problem = decisions.error && toProblem(decisions.error);
  const items = decisions.data?.items ?? [];
  // What the reader can answer comes first; the server gives the oldest first.
  const ordered = items.toSorted((one, other) => Number(other.mayDecide) - Number(one.mayDecide));
  return (
    <Page title="Questions of runs" heading="Approvals" tabs={<ApprovalTabs view="questions" />}>
      <div className={classes.page}>
        {decisions.isPending && <LoadingRows what="questions" />}
        {problem && (
          <LoadFailed
            what="Questions"
            message={problem.message}
            requestId={problem.requestId ?? undefined}
            onRetry={() => void decisions.refetch()}
          />
        )}
        {decisions.data && items.length === 0 && (
          <EmptyState title="No run asks for a decision">
            An approval step of a flow puts its question here, and the run goes on once somebody decided.
          </EmptyState>
        )}
        {ordered.map((decision) => (
          <QuestionCard key={`${decision.run} ${decision.step}`} decision={decision} />
        ))}
        {decisions.data?.next && <p className="voice-3">The oldest 200 are shown; more follow as these are decided.</p>}
      </div>
    </Page>
  );
}

function QuestionCard({ decision }: { decision: Decision }) {
  return (
    <article className={classes.card} aria-label={decision.question}>
      <div className={classes.head}>
        <EnvironmentChip name={decision.environment} small />
        <Link to="/runs/$runId" params={{ runId: decision.run }} search={{ step: decision.step }}>
          {decision.flow.name}
        </Link>
        <span>
          asked <Time at={decision.askedAt} />
        </span>
        <span className={classes.until}>
          until <Time at={decision.until} />
        </span>
      </div>
      <DecideForm {...decision} heading="h2" />
    </article>
  );
}
