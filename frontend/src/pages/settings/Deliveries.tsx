import { Button } from '@mantine/core';
import { type NoticeDelivery, noticesApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { deliveriesQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Settings.module.css';

/** Mails and webhook calls that did not arrive; nothing while all of them did. */
export function Deliveries() {
  const failed = useQuery(deliveriesQuery());
  const problem = failed.error && toProblem(failed.error);
  const items = failed.data?.items ?? [];
  if (problem)
    return (
      <LoadFailed
        what="Deliveries"
        message={problem.message}
        requestId={problem.requestId ?? undefined}
        onRetry={() => void failed.refetch()}
      />
    );
  if (items.length === 0) return null;
  return (
    <Card flush title="Notices that did not arrive" aside={String(items.length)}>
      <ul>
        {items.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </ul>
    </Card>
  );
}

function DeliveryRow(props: { delivery: NoticeDelivery }) {
  const { id, channel, member, title, attempts, error, endedAt } = props.delivery;
  const retry = useWrite(noticesApi.retry, { renews: [['notices']] });
  return (
    <li className={classes.row}>
      <StatusBadge status="failed" />
      <div className={classes.grow}>
        <strong>{title}</strong>
        <p>{error}</p>
        <p className="label">
          {channel === 'mail' ? `Mail to ${member?.name ?? 'a member who is gone'}` : 'Webhook'}, {attempts}{' '}
          {attempts === 1 ? 'try' : 'tries'}
          {endedAt && (
            <>
              , <Time at={endedAt} />
            </>
          )}
        </p>
        {retry.problem && <Notice tone="failed" title={retry.problem.message} />}
      </div>
      <Button
        size="sm"
        variant="default"
        loading={retry.busy}
        aria-label={`Try again: ${title}`}
        onClick={() => retry.run({ input: { params: { id } } })}
      >
        Try again
      </Button>
    </li>
  );
}
