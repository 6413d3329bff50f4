import { allowsEverywhere } from '@sluice/shared/api';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { environmentsQuery, meQuery, reviewsQuery } from '../../api/queries.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterChip } from '../../ui/Filters.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { AccessPage } from './AccessPage.js';
import { ReviewTabs } from './ReviewTabs.js';
import { ReviewCard } from './ReviewCard.js';
import classes from './Reviews.module.css';

const route = getRouteApi('/inside/reviews');

export function ReviewsPage() {
  const me = useSuspenseQuery(meQuery()).data;
  const isAccess = route.useSearch().view === 'access' && allowsEverywhere(me, 'audit.read');
  return isAccess ? <AccessPage /> : <UnusedPage />;
}

/** What was granted and nobody used, with the grant that would have been enough. */
function UnusedPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { environment } = search;
  const reviews = useQuery(reviewsQuery({ environment }));
  const environments = useQuery(environmentsQuery()).data?.items ?? [];
  const mayAsk = useSuspenseQuery(meQuery()).data.permissions.includes('flows.deploy');
  const problem = reviews.error && toProblem(reviews.error);
  return (
    <Page
      title="Reviews"
      tabs={<ReviewTabs view="grants" />}
      actions={
        <FilterChip
          name="Environment"
          value={search.environment}
          options={environments.map(({ name }) => ({ value: name, label: name }))}
          onChange={(environment) => void navigate({ search: { environment } })}
        />
      }
    >
      <div className={classes.column}>
        {reviews.isPending && <LoadingRows what="reviews" />}
        {problem && (
          <LoadFailed
            what="Reviews"
            message={problem.message}
            requestId={problem.requestId ?? undefined}
            onRetry={() => void reviews.refetch()}
          />
        )}
        {reviews.data?.items.length === 0 && (
          <EmptyState
            title={search.environment ? `Nothing unused in ${search.environment}` : 'All that is granted is used'}
          >
            A scope, host, call or field that nobody used for as long as its environment’s policy says is listed here,
            with the smaller grant.
          </EmptyState>
        )}
        {reviews.data?.items.map((review) => (
          <ReviewCard key={review.grant} review={review} mayAsk={mayAsk} />
        ))}
      </div>
    </Page>
  );
}
