import { createSecretKey } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BrokerAnswer } from './call.js';
import type { CallBounds } from './call.js';
import { LinkedBroker } from './linked-broker.js';
import type { LinkEvents } from './link.js';
import type { Demand, Reply } from './messages.js';

const answer: BrokerAnswer = {
  ok: true,
  kind: 'http',
  reply: { status: 200, headers: {}, body: null },
  record: { host: 'h', method: 'GET', path: '/', status: 200, bytesSent: 0, bytesReceived: 0, milliseconds: 1 },
};
const get = { kind: 'http', request: { method: 'GET', url: 'https://h/' } } as const;

/** A caller, and the far end of its line in the test's hand. */
function aCaller() {
  const sent: (readonly Demand[])[] = [];
  const lines: LinkEvents[] = [];
  const reports: string[] = [];
  const failures: string[] = [];
  const clock = { now: 1_000_000 };
  const broker = new LinkedBroker({
    key: createSecretKey(Buffer.alloc(32, 1)),
    now: () => clock.now,
    report: (why) => reports.push(why),
    failed: ({ connection }, { failure }) => void failures.push(`${connection} ${failure.code}`),
    dial: (events) => {
      lines.push(events);
      return {
        send: (demands) => {
          JSON.stringify(demands);
          sent.push(demands);
        },
        close: (why) => events.lost(why),
      };
    },
  });
  const capability = broker.mint({
    workspace: 'wsp_1',
    environment: 'dev',
    flow: 'flw_1',
    version: 1,
    run: 'run_1',
    step: 's',
    attempt: 1,
    connection: 'con_1',
    connector: 'http',
    slot: 'x',
    action: 'request',
    grant: null,
    connectorVersion: 'v1',
    scopes: [],
    fields: [],
    hosts: ['h'],
    call: 'ANY /*',
    reply: null,
    deadline: 1_060_000,
  });
  const say = (...replies: (Reply | string)[]) => lines.at(-1)?.receive(replies);
  return {
    broker,
    clock,
    sent,
    lines,
    reports,
    failures,
    say,
    call: (request = get, bounds: CallBounds = {}) => broker.call(capability, request, bounds),
  };
}
const idsOf = (sent: readonly (readonly Demand[])[]) => sent.map((demands) => demands.map(({ id }) => id));

describe('LinkedBroker', () => {
  it('sends nothing of a turn in which its process slept: the run may be carried by another by now', async () => {
    const { broker, clock, sent, say, call } = aCaller();
    const opening = broker.open();
    say({ kind: 'room', free: 9, seen: 0 });
    await opening;
    const late = call(get, { startBy: clock.now + 4000 });
    clock.now += 5000;
    expect(await late).toMatchObject({
      ok: false,
      failure: { code: 'broker.late', uncertain: false, retryAfterSeconds: 1 },
    });
    expect(sent).toEqual([]);
    const next = call();
    await nextTurn();
    say({ kind: 'answer', id: 2, answer });
    expect(await next).toEqual(answer);
    await broker.close();
  });

  it('sends what is asked after the sleep, though its turn was planned before', async () => {
    const { broker, clock, sent, say, call } = aCaller();
    const opening = broker.open();
    say({ kind: 'room', free: 9, seen: 0 });
    await opening;
    const early = call(get, { startBy: clock.now + 4000 });
    clock.now += 5000;
    void call(get, { startBy: clock.now + 4000 });
    expect(await early).toMatchObject({ failure: { code: 'broker.late' } });
    expect(idsOf(sent)).toEqual([[2]]);
  });

  it('sends what waited for the line and may still begin', async () => {
    const { broker, clock, sent, lines, call } = aCaller();
    void broker.open();
    void call();
    const late = call(get, { startBy: clock.now + 4000 });
    void call(get, { startBy: clock.now + 6000 });
    await nextTurn();
    clock.now += 5000;
    lines.at(-1)?.receive([{ kind: 'room', free: 9, seen: 0 }]);
    await nextTurn();
    expect(idsOf(sent)).toEqual([[1, 3]]);
    expect(await late).toMatchObject({ failure: { code: 'broker.late' } });
  });

  it('tells of each call that came to nothing, and of no other', async () => {
    const { broker, failures, say, call } = aCaller();
    const opening = broker.open();
    say({ kind: 'room', free: 9, seen: 0 });
    await opening;
    const calls = [call(), call()];
    await nextTurn();
    const failure = { kind: 'refused', code: 'broker.revoked', message: 'It was revoked.', uncertain: false } as const;
    say({ kind: 'answer', id: 1, answer }, { kind: 'answer', id: 2, answer: { ok: false, failure, record: null } });
    await Promise.all(calls);
    expect(failures).toEqual(['con_1 broker.revoked']);
  });

  it('sends the calls of a turn together, and those that came before the broker was there with them', async () => {
    const { broker, sent, say, call } = aCaller();
    void broker.open();
    const first = call();
    await nextTurn();
    expect(sent).toEqual([]);
    say({ kind: 'room', free: 9, seen: 0 });
    void call();
    void call();
    await nextTurn();
    expect(idsOf(sent)).toEqual([[1, 2, 3]]);
    say({ kind: 'answer', id: 1, answer });
    expect(await first).toBe(answer);
  });

  it('knows the places that are left from what it was told and what it has sent since', async () => {
    const { broker, say, call } = aCaller();
    void broker.open();
    expect(broker.hasFreeSlot()).toBe(false);
    say({ kind: 'room', free: 2, seen: 0 });
    expect(broker.hasFreeSlot()).toBe(true);
    void call();
    expect(broker.hasFreeSlot()).toBe(true);
    void call();
    expect(broker.hasFreeSlot()).toBe(false);
    await nextTurn();
    expect(broker.hasFreeSlot()).toBe(false);
    say({ kind: 'room', free: 1, seen: 1 });
    expect(broker.hasFreeSlot()).toBe(false);
    say({ kind: 'room', free: 1, seen: 2 });
    expect(broker.hasFreeSlot()).toBe(true);
  });

  it('tries a place that others held, since with nothing under way nobody tells it that they left', () => {
    const { broker, say } = aCaller();
    void broker.open();
    say({ kind: 'room', free: 0, seen: 0 });
    expect(broker.hasFreeSlot()).toBe(true);
  });

  it('refuses a call that can’t be written down, and sends those of the same turn', async () => {
    const { broker, sent, say, call } = aCaller();
    void broker.open();
    say({ kind: 'room', free: 9, seen: 0 });
    const mail = { kind: 'mail', message: { to: [1n], subject: '', messageId: '<a@b>' } } as never;
    const [, odd] = [call(), call(mail), call()];
    expect(await odd).toMatchObject({ ok: false, failure: { code: 'broker.bad_request', uncertain: false } });
    expect(idsOf(sent)).toEqual([[1], [3]]);
    expect(broker.hasFreeSlot()).toBe(true);
  });

  it('refuses a body that is no JSON by itself', async () => {
    const { broker, call } = aCaller();
    void broker.open();
    const post = { kind: 'http', request: { method: 'POST', url: 'https://h/', body: { n: 1n } } } as never;
    expect(await call(post)).toMatchObject({ ok: false, failure: { code: 'broker.bad_request', uncertain: false } });
  });

  it('hangs up on a broker that speaks nonsense: what it has is uncertain', async () => {
    const { broker, reports, say, call } = aCaller();
    void broker.open();
    say({ kind: 'room', free: 9, seen: 0 });
    const lost = call();
    await nextTurn();
    say('hello');
    expect(await lost).toMatchObject({ ok: false, failure: { code: 'broker.away', uncertain: true } });
    expect(reports).toEqual(['the broker said something that is no answer']);
    await broker.close();
  });
});
