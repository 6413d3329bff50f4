import type { LinePlace } from '../../src/engine/store/wake-next.js';
import type { RunRow, Tables } from './tables.js';

/* Runs that go one after another, as PostgreSQL would tell who is next. */

/** Runs of its line that haven't ended. */
function openOf(tables: Tables, { flow, environment, key }: LinePlace): RunRow[] {
  return [...tables.runs.all()].filter(
    (run) =>
      run.inLine !== null &&
      run.endedAt === null &&
      run.flow === flow &&
      run.environment === environment &&
      run.key === key,
  );
}

/** Whether one before it hasn't ended, or one of its line is under way. */
export function isEarly(tables: Tables, row: RunRow): boolean {
  return openOf(tables, row).some(({ inLine }) => (inLine ?? 0) < (row.inLine ?? 0));
}

/** Gives the first that waits to the queue, for later while one is under way; `among`: unless it is none of these. */
export function wakeNextIn(tables: Tables, place: LinePlace, among: ReadonlySet<string> | null = null): void {
  const open = openOf(tables, place).toSorted((one, other) => (one.inLine ?? 0) - (other.inLine ?? 0));
  const next = open.find(({ inLine }) => (inLine ?? 0) > 0);
  if (next === undefined || among?.has(next.id) === false) return;
  const isBusy = open[0] !== next;
  tables.enqueue([{ run: next.id, workspace: next.workspace, after: isBusy ? tables.now() + 15_000 : null }]);
}
