import type { Journal } from '../../journal/journal.js';
import { rowsOf } from '../../journal/rows.js';
import type { NewEntry } from '../../journal/records.js';
import type { SqlRunner } from '../../platform/changes.js';

/** Says in the log of every workspace, and in that of the house, what retention is about to do. */
export async function recordEverywhere(
  tx: SqlRunner,
  journal: Journal,
  { action, detail }: { action: string; detail: NonNullable<NewEntry['detail']> },
): Promise<void> {
  const workspaces = rowsOf(await tx.query('select id from workspace')).map(({ id }) => String(id));
  const entries = [null, ...workspaces].map(
    (workspace): NewEntry => ({ workspace, actor: { kind: 'system', id: 'retention' }, action, detail }),
  );
  await journal.record(tx, entries);
}
