import { Button } from '@mantine/core';
import { type Grant, grantsApi } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';

/** One person approved it, for an hour: said aloud until somebody else has looked at it. */
export function Emergency({ grant }: { grant: Grant }) {
  const me = useSuspenseQuery(meQuery()).data;
  const review = useWrite(grantsApi.review, { renews: [['grants']] });
  if (grant.review) {
    return (
      <Notice tone="quiet" title={`Approved in an emergency, reviewed by ${grant.review.by.name}`}>
        <Time at={grant.review.at} />: “{grant.review.note}”
      </Notice>
    );
  }
  const mayReview = me.permissions.includes('grants.decide') && grant.decidedBy?.id !== me.id;
  return (
    <Notice
      tone="waiting"
      title="Approved by one person in an emergency"
      action={
        mayReview && (
          <Button
            size="sm"
            variant="default"
            loading={review.busy}
            onClick={() =>
              review.run({
                input: (note) => ({ params: { id: grant.id }, body: { note } }),
                confirm: {
                  title: `Review the emergency approval of ${grant.flow.name}`,
                  body: `${grant.decidedBy?.name ?? 'One person'} approved it alone, for an hour. Write what you found.`,
                  verb: 'Write the review',
                  reasonLabel: 'What you found, kept in the log',
                },
              })
            }
          >
            Review
          </Button>
        )
      }
    >
      {review.problem?.message ?? 'It lasts an hour, and somebody else has to look at it afterwards.'}
    </Notice>
  );
}
