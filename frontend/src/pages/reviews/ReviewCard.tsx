import { Button } from '@mantine/core';
import { type Review, reviewsApi } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { formatCount, plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { Code } from '../../ui/Code.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Reviews.module.css';

/** One grant: what of it was never needed, the proof, and the way to give it back. */
export function ReviewCard({ review, mayAsk }: { review: Review; mayAsk: boolean }) {
  const shrink = useWrite(reviewsApi.shrink, { renews: [['reviews'], ['grants']] });
  const { smaller } = review;
  const left = smaller.scopes.length + smaller.hosts.length + smaller.calls.length + smaller.fields.length;
  return (
    <Card
      flush
      title={
        <span className={classes.title}>
          <EnvironmentChip name={review.environment} small />
          <Link to="/flows/$flowId" params={{ flowId: review.flow.id }}>
            {review.flow.name}, v{review.version}
          </Link>
          <span className="voice-2">{review.connection.name}</span>
        </span>
      }
      aside={`${formatCount(review.calls)} ${review.calls === 1 ? 'call' : 'calls'} in ${plural(review.days, 'day')}`}
      foot={
        <div className={classes.foot}>
          <span>
            Without it the last {plural(review.days, 'day')} would have been refused{' '}
            <strong>{plural(review.wouldHaveRefused, 'time')}</strong>. {plural(left, 'permission')} would be left.
          </span>
          {review.request ? (
            <Link to="/approvals" search={{ open: review.request }}>
              The request waits for an approver
            </Link>
          ) : (
            <Button
              size="sm"
              variant="default"
              disabled={!mayAsk}
              title={mayAsk ? undefined : 'Builders, admins and owners may ask'}
              loading={shrink.busy}
              onClick={() => shrink.run({ input: { body: { grant: review.grant } } })}
            >
              Ask for the smaller grant
            </Button>
          )}
        </div>
      }
    >
      {shrink.problem && <Notice tone="failed" title={shrink.problem.message} />}
      <ul className={classes.unused}>
        {review.unused.map((part) => (
          <li key={`${part.kind} ${part.value}`}>
            <RiskBars risk={part.risk} />
            <span>
              <strong>{part.title}</strong> <Code>{part.value}</Code>
            </span>
            <span className="voice-2">
              {part.lastUsedAt ? (
                <>
                  last used <Time at={part.lastUsedAt} as="day" />
                </>
              ) : (
                'never used'
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
