import type { RunMemory } from './run-memory.js';
import type { RunStore, StoredAnswer } from './store/run-store.js';

/** Answers and the runs that wait for them. An answer is taken by whoever carries the run; one that is parked is woken. */
export class AskStore {
  constructor(private readonly store: RunStore) {}

  /** Answers to what the run asks now. */
  async find(run: RunMemory): Promise<StoredAnswer[]> {
    const keys = askedKeys(run);
    return keys.length === 0 ? [] : await this.store.findAnswers(run.id, keys);
  }

  /** After a run was parked: an answer may have come while it was on its way to its bed. */
  async wake(run: RunMemory): Promise<void> {
    await this.store.wakeAnswered({ run: run.id, steps: askedKeys(run) });
  }

  /** The same for every parked run, after a process died that may have had to look. A run too many does no harm. */
  async wakeAll(): Promise<void> {
    await this.store.wakeAnswered(null);
  }
}

function askedKeys(run: RunMemory): string[] {
  return [...run.tasks.values()].flatMap(({ key, progress }) => (progress.kind === 'asked' ? [key] : []));
}
