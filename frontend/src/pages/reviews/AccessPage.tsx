import { accessReviewDays } from '@sluice/shared/api';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { accessReviewsQuery, meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Card } from '../../ui/Card.js';
import { Page } from '../../ui/Page.js';
import { AccessRow } from './AccessRow.js';
import { ReviewTabs } from './ReviewTabs.js';
import classes from './Reviews.module.css';

/** What each member may do, and who signed for it last; those that somebody should look at come first. */
export function AccessPage() {
  const reviews = useQuery(accessReviewsQuery());
  const me = useSuspenseQuery(meQuery()).data;
  const items = (reviews.data?.items ?? []).toSorted((one, other) => Number(!one.due) - Number(!other.due));
  const due = items.filter((each) => each.due !== null).length;
  const problem = reviews.error && toProblem(reviews.error);
  return (
    <Page title="Reviews" tabs={<ReviewTabs view="access" />}>
      <div className={classes.column}>
        {reviews.isPending && <LoadingRows what="members" />}
        {problem && (
          <LoadFailed
            what="Access of members"
            message={problem.message}
            requestId={problem.requestId ?? undefined}
            onRetry={() => void reviews.refetch()}
          />
        )}
        {items.length > 0 && (
          <Card
            flush
            title={due === 0 ? 'Everybody’s access was looked at' : `${plural(due, 'member')} to look at`}
            aside={`Each every ${accessReviewDays} days, and when it changed`}
          >
            <ul>
              {items.map((review) => (
                <AccessRow key={review.member.id} review={review} isMine={review.member.id === me.id} />
              ))}
            </ul>
          </Card>
        )}
      </div>
    </Page>
  );
}
