import { Button } from '@mantine/core';
import { allowsIn, type Grant, grantsApi } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { eachOnce, type GrantRequest } from './request.js';

/** What one person approved, for an hour: said aloud until somebody else has looked at it, at all slots together. */
export function Emergency({ request }: { request: GrantRequest }) {
  const given = request.grants.filter(({ emergency }) => emergency);
  const due = given.filter(({ review }) => review === null);
  const reviews = Map.groupBy(given, ({ review }) => review && `${review.by.id} ${review.at}`);
  return (
    <>
      {due.length > 0 && <Due request={request} due={due} />}
      {[...reviews].map(([key, [first]]) => first?.review && <Reviewed key={key} review={first.review} />)}
    </>
  );
}

function Reviewed({ review }: { review: NonNullable<Grant['review']> }) {
  return (
    <Notice tone="quiet" title={`Approved in an emergency, reviewed by ${review.by.name}`}>
      <Time at={review.at} />: “{review.note}”
    </Notice>
  );
}

function Due({ request, due }: { request: GrantRequest; due: readonly Grant[] }) {
  const me = useSuspenseQuery(meQuery()).data;
  const review = useWrite(grantsApi.review, { renews: [['grants']] });
  // Who approved one slot may look at what others approved.
  const others = due.filter(({ decidedBy }) => decidedBy?.id !== me.id);
  const mayReview = allowsIn(me, 'grants.decide', request.environment) && others.length > 0;
  const slots = others.map(({ slot }) => slot).join(', ');
  const by = eachOnce(others.flatMap(({ decidedBy }) => decidedBy?.name ?? [])).join(' and ') || 'One person';
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
                input: (note) => ({ params: { id: request.deployment }, body: { note } }),
                confirm: {
                  title: `Review the emergency approval of ${request.flow.name}`,
                  body: `${by} approved it alone, for an hour: ${slots}. Write what you found.`,
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
