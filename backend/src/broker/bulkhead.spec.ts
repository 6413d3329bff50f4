import { describe, expect, it } from 'vitest';
import { Bulkhead } from './bulkhead.js';

const soon = { milliseconds: 10_000 };

describe('Bulkhead', () => {
  it('lets a slow host fill its own places and no more', async () => {
    const bulkhead = new Bulkhead({ maxInFlight: 4, maxPerHost: 2 });
    const slow = [await bulkhead.enter('slow', soon), await bulkhead.enter('slow', soon)];
    let third = false;
    const waiting = bulkhead.enter('slow', soon).then((leave) => {
      third = true;
      return leave;
    });
    await bulkhead.enter('fast', soon);
    expect(third).toBe(false);
    slow[0]?.();
    await waiting;
    expect(third).toBe(true);
  });

  it('says when all places are taken, and gives a place back once only', async () => {
    const bulkhead = new Bulkhead({ maxInFlight: 1, maxPerHost: 1 });
    const leave = await bulkhead.enter('a', soon);
    expect(bulkhead.free).toBe(0);
    leave();
    leave();
    expect(bulkhead.free).toBe(1);
    await bulkhead.enter('a', soon);
    expect(bulkhead.free).toBe(0);
  });

  it('lets waiting hosts take turns', async () => {
    const bulkhead = new Bulkhead({ maxInFlight: 1, maxPerHost: 1 });
    const order: string[] = [];
    const first = await bulkhead.enter('a', soon);
    const rest = ['a1', 'a2', 'b1'].map(async (name) => {
      const leave = await bulkhead.enter(name.slice(0, 1), soon);
      order.push(name);
      leave();
    });
    first();
    await Promise.all(rest);
    expect(order).toEqual(['a1', 'b1', 'a2']);
  });

  it('gives up at the deadline, on abort, and when too many wait; nothing was sent', async () => {
    const bulkhead = new Bulkhead({ maxInFlight: 1, maxPerHost: 1, maxWaiting: 1 });
    await bulkhead.enter('a', soon);
    const busy = { failure: { kind: 'unavailable', code: 'egress.busy', uncertain: false } };
    await expect(bulkhead.enter('a', { milliseconds: 1 })).rejects.toMatchObject(busy);
    const stop = new AbortController();
    const waiting = bulkhead.enter('a', { ...soon, signal: stop.signal });
    await expect(bulkhead.enter('b', soon)).rejects.toMatchObject(busy);
    stop.abort();
    await expect(waiting).rejects.toMatchObject(busy);
  });
});
