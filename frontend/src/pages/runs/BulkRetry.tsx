import { Button, Modal, Progress, SegmentedControl } from '@mantine/core';
import { bulkRetriesApi, type BulkRetry, type RetryFilter } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { bulkRetriesQuery } from '../../api/queries.js';
import { formatCount } from '../../lib/format-count.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Runs.module.css';

function wordOf({ status }: RetryFilter): string {
  return status === undefined ? 'dead letter' : `${status} run`;
}

/** Every run that the filters show, tried again one after the other. */
export function BulkRetryDialog(props: { environment: string; filter: RetryFilter; onClose: () => void }) {
  const [from, setFrom] = useState<BulkRetry['from']>('failed');
  const [version, setVersion] = useState<BulkRetry['version']>('same');
  const start = useWrite(bulkRetriesApi.start, { renews: [['runs']], onDone: props.onClose });
  const { environment, filter } = props;
  return (
    <Modal opened onClose={props.onClose} title={`Retry every ${wordOf(filter)} that matches`} size={520}>
      <div className={classes.form}>
        {start.problem && <Notice tone="failed" title={start.problem.message} />}
        <p>
          In {environment}, with the filters of this list, one after the other. A run whose retry would do something
          outside twice is left for you: open it and say what may be repeated. What was closed is left out.
        </p>
        <SegmentedControl
          fullWidth
          aria-label="Where each begins"
          data={[
            { value: 'failed', label: 'From where it stopped' },
            { value: 'start', label: 'From the start' },
          ]}
          value={from}
          onChange={(value) => setFrom(value === 'start' ? 'start' : 'failed')}
        />
        <SegmentedControl
          fullWidth
          aria-label="Version"
          data={[
            { value: 'same', label: 'Same version' },
            { value: 'current', label: 'Current version' },
          ]}
          value={version}
          onChange={(value) => setVersion(value === 'current' ? 'current' : 'same')}
        />
        <div className={classes.foot}>
          <span className={classes.note2}>Logged, each run for itself.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            loading={start.busy}
            onClick={() => start.run({ input: { body: { environment, filter, from, version } } })}
          >
            Retry them
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** How far the newest one is; gone an hour after its end. */
export function BulkRetryProgress(props: { mayOperate: boolean; now: Date }) {
  const { data } = useQuery({
    ...bulkRetriesQuery(),
    refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === 'running') ? 1000 : false),
  });
  const cancel = useWrite(bulkRetriesApi.cancel, { renews: [['runs']] });
  const retry = data?.items[0];
  if (!retry) return null;
  const isOld = retry.endedAt !== null && props.now.getTime() - new Date(retry.endedAt).getTime() > 3_600_000;
  if (isOld) return null;
  const done = retry.retried + retry.left;
  const title = { running: 'Retrying', done: 'Retried', cancelled: 'Retry cancelled:' }[retry.status];
  return (
    <Notice
      tone={retry.status === 'running' ? 'quiet' : retry.left > 0 ? 'waiting' : 'succeeded'}
      title={`${title} ${formatCount(retry.retried)} of ${formatCount(retry.total)} ${wordOf(retry.filter)}s in ${retry.environment}`}
      action={
        retry.status === 'running' &&
        props.mayOperate && (
          <Button
            size="sm"
            variant="default"
            loading={cancel.busy}
            onClick={() => cancel.run({ input: { params: { id: retry.id } } })}
          >
            Stop
          </Button>
        )
      }
    >
      {retry.status === 'running' && (
        <Progress
          aria-label="Progress of the retry"
          value={retry.total === 0 ? 100 : Math.min(100, (done / retry.total) * 100)}
        />
      )}
      {retry.left > 0 && `${formatCount(retry.left)} left for a person: something would happen twice. `}
      Begun by {retry.by.name} <Time at={retry.startedAt} />
      {cancel.problem && ` ${cancel.problem.message}`}
    </Notice>
  );
}
