/**
 * Why a flush failed, and so what becomes of it:
 * - `duplicate`: an event that was accepted before; it leaves, the rest goes again
 * - `stale`: runs that another process carries by now; they leave, the rest goes again
 * - `unplaced`: rows of a day that has no tables yet, or none any more; they are made, and it goes again
 * - `poison`: a value that can't be stored; halved until it is alone
 * - `unwritable`: the database refuses us (rights, disk): what begins is turned away, what goes on waits
 * - `broken`: the connection ended and nobody knows whether the flush was committed
 * - `passing`: worth another try at once (a deadlock)
 */
export type FlushFailure =
  | { kind: 'duplicate' | 'unplaced' | 'poison' | 'unwritable' | 'broken' | 'passing' }
  | { kind: 'stale'; runs: readonly string[] };

/** Reads a pg error by its SQLSTATE (PostgreSQL manual, appendix A). */
export function classifyFailure(error: unknown): FlushFailure {
  const code = fieldOf(error, 'code');
  if (code === 'SL001') return { kind: 'stale', runs: fieldOf(error, 'detail').split(',') };
  if (code === '23505' && fieldOf(error, 'constraint') === 'event_key_once') return { kind: 'duplicate' };
  // A check that failed would name its constraint.
  if (code === '23514' && fieldOf(error, 'constraint') === '') return { kind: 'unplaced' };
  if (/^(22|23|54)[0-9A-Z]{3}$/.test(code)) return { kind: 'poison' };
  if (/^(40)[0-9A-Z]{3}$/.test(code)) return { kind: 'passing' };
  if (/^(42|53|58)[0-9A-Z]{3}$/.test(code)) return { kind: 'unwritable' };
  // Not from the server: a value that our own encoding refuses.
  if (error instanceof TypeError) return { kind: 'poison' };
  return { kind: 'broken' };
}

function fieldOf(error: unknown, field: 'code' | 'constraint' | 'detail'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
}
