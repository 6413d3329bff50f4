import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventStream } from './event-stream.js';

describe('openEventStream', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  function open(mayGoOn: () => Promise<boolean>): ServerResponse {
    const res = new ServerResponse(new IncomingMessage(new Socket()));
    openEventStream(res, mayGoOn);
    return res;
  }

  it('ends at the first heartbeat at which it may not go on', async () => {
    let may = true;
    const res = open(async () => may);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(res.writableEnded).toBe(false);
    may = false;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(res.writableEnded).toBe(true);
    res.emit('close');
  });

  it('outlives a moment in which nobody can say', async () => {
    const res = open(() => Promise.reject(new Error('The database is away')));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(res.writableEnded).toBe(false);
    res.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });
});
