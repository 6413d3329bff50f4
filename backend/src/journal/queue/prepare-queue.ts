import { PgBoss } from 'pg-boss';
import type { Cell } from '../../platform/database/cell.js';

/** The one queue: a job says "go on with this run", never what to do. */
export const runQueue = 'run';

const queueOptions = {
  // A job lives from its fetch to the claim of its run, which is milliseconds; then the process's lease guards the run.
  expireInSeconds: 60,
  heartbeatSeconds: 10,
  // Attempts of steps are counted by the engine; the queue itself never gives up on a run.
  retryLimit: 1_000_000,
  retryDelay: 0,
  retentionSeconds: 400 * 86_400,
  deleteAfterSeconds: 3600,
};

/** Creates or migrates the queue's own tables with the owner's rights. Safe to repeat. */
export async function prepareQueue(cell: Cell): Promise<void> {
  const boss = new PgBoss({
    connectionString: cell.url,
    schema: cell.queueSchema,
    createSchema: false,
    max: 2,
    supervise: false,
    schedule: false,
    reindex: false,
    registerInstance: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
  });
  let failure: unknown;
  boss.on('error', (error) => {
    failure ??= error;
  });
  await boss.start();
  try {
    const existing = await boss.getQueue(runQueue);
    if (existing === null) await boss.createQueue(runQueue, queueOptions);
    else await boss.updateQueue(runQueue, queueOptions);
  } finally {
    await boss.stop({ graceful: false });
  }
  if (failure !== undefined) throw failure;
}
