import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { storageQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Facts } from '../../ui/SidePanel.js';
import { storageText } from './storage-text.js';
import classes from './Settings.module.css';

const colours = { ok: 'accent', near: 'waiting', full: 'danger' } as const;

/** What the workspace has stored of what it may, and what happens when that is used up. */
export function Storage() {
  const storage = useQuery(storageQuery());
  const problem = storage.error && toProblem(storage.error);
  const { data } = storage;
  const share = data ? Math.floor((100 * data.used) / data.quota) : 0;
  return (
    <Card title="Storage" aside={data && `${share} % of ${storageText(data.quota)}`}>
      <div className={classes.stack}>
        {storage.isPending && <LoadingRows what="the storage" rows={2} />}
        {problem && (
          <LoadFailed
            what="The storage"
            message={problem.message}
            requestId={problem.requestId ?? undefined}
            onRetry={() => void storage.refetch()}
          />
        )}
        {data && (
          <>
            {data.state === 'near' && (
              <Notice tone="waiting" title={`${share} % is used`}>
                At 100 % nothing new is taken. Keep runs for fewer days, or have whoever runs this installation raise
                SLUICE_WORKSPACE_QUOTA.
              </Notice>
            )}
            {data.state === 'full' && (
              <Notice tone="failed" title="All of it is used: nothing new is taken">
                Deliveries and new runs are answered 507 and not stored; runs under way go on. Keep runs for fewer days,
                or have whoever runs this installation raise SLUICE_WORKSPACE_QUOTA.
              </Notice>
            )}
            <Progress value={Math.min(100, share)} color={colours[data.state]} aria-label={`${share} % used`} />
            <Facts
              items={[
                ['Used', storageText(data.used)],
                ...data.kept.map(({ days, bytes }): [string, string] => [
                  `Events and runs kept for ${days} ${days === 1 ? 'day' : 'days'}`,
                  storageText(bytes),
                ]),
                ['Audit log', storageText(data.log)],
              ]}
            />
            {data.state === 'ok' && (
              <p className="label">
                At 80 % admins are told; at 100 % deliveries and new runs are answered 507, and runs under way go on.
              </p>
            )}
          </>
        )}
      </div>
    </Card>
  );
}
