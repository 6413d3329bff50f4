import { describe, expect, it } from 'vitest';
import { Deadline } from './deadline.js';

const never = new Promise<never>(() => undefined);

describe('Deadline', () => {
  it('ends work with its time', async () => {
    const deadline = new Deadline(20);
    expect(deadline.isOver).toBe(false);
    await expect(deadline.orOver(never)).rejects.toThrow('over');
    expect([deadline.isOver, deadline.signal.aborted]).toEqual([true, true]);
  });

  it('ends work with its caller, and at once when that had ended before', async () => {
    const caller = new AbortController();
    const deadline = new Deadline(60_000, caller.signal);
    const work = deadline.orOver(never);
    caller.abort();
    await expect(work).rejects.toThrow('over');
    deadline.clear();
    const late = new Deadline(60_000, caller.signal);
    expect(late.isOver).toBe(true);
    late.clear();
  });
});
