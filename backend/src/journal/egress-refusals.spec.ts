import { describe, expect, it } from 'vitest';
import { EgressRefusals, type RefusedCall } from './egress-refusals.js';
import type { NoticeCause } from './notice-cause.js';
import type { NewEntry } from './records.js';

const call = (given: Partial<RefusedCall> = {}): RefusedCall => ({
  workspace: 'wsp_1',
  environment: 'dev',
  flow: 'flw_1',
  run: 'run_1',
  step: 'post',
  connection: 'con_1',
  host: 'erp.example.com',
  code: 'egress.unreachable',
  reason: { code: 'private_address', detail: '10.1.2.3: Private-Use' },
  ...given,
});

function aLog() {
  const entries: NewEntry[] = [];
  const causes: NoticeCause[] = [];
  const clock = { now: 0 };
  const journal = {
    append: async (record: { entries: readonly NewEntry[]; causes?: readonly NoticeCause[] }) => {
      entries.push(...record.entries);
      causes.push(...(record.causes ?? []));
      return { kind: 'stored' as const };
    },
  };
  const refusals = new EgressRefusals({ journal, now: () => clock.now, onTrouble: () => expect.unreachable() });
  const actions = () => entries.map(({ action }) => action);
  return { entries, causes, clock, refusals, actions };
}

describe('F8: what was refused on the way out', () => {
  it('is in the log with the true reason, and in no run', () => {
    const { entries, refusals } = aLog();
    refusals.note(call());
    expect(entries).toEqual([
      {
        workspace: 'wsp_1',
        actor: { kind: 'run', id: 'run_1' },
        action: 'egress.refused',
        subject: { kind: 'connection', id: 'con_1' },
        environment: 'dev',
        detail: {
          host: 'erp.example.com',
          code: 'egress.unreachable',
          reason: 'private_address',
          about: '10.1.2.3: Private-Use',
          flow: 'flw_1',
          step: 'post',
        },
      },
    ]);
    expect(entries[0]).not.toHaveProperty('run');
  });

  it('is told of as a series once it comes twenty times in a minute, and once a minute', () => {
    const { entries, causes, clock, refusals, actions } = aLog();
    for (let n = 0; n < 40; n += 1) refusals.note(call({ host: `h${n % 3}.example.com` }));
    expect(actions().filter((action) => action === 'egress.refusal_series')).toHaveLength(1);
    expect(entries.find(({ action }) => action === 'egress.refusal_series')).toMatchObject({
      workspace: 'wsp_1',
      detail: {
        times: 20,
        hosts: ['h0.example.com', 'h1.example.com', 'h2.example.com'],
        connections: ['con_1'],
        flows: ['flw_1'],
      },
    });
    expect(causes).toEqual([
      {
        workspace: 'wsp_1',
        kind: 'egress.refused',
        about: { kind: 'workspace', id: 'wsp_1' },
        audience: { roles: ['admin', 'owner'] },
        detail: { times: 20, withinSeconds: 60 },
      },
    ]);
    clock.now += 60_000;
    for (let n = 0; n < 20; n += 1) refusals.note(call());
    expect(actions().filter((action) => action === 'egress.refusal_series')).toHaveLength(2);
  });

  it('is no series when it comes slowly, in several workspaces, or from a network that fails', () => {
    const { clock, refusals, actions } = aLog();
    for (let n = 0; n < 60; n += 1) {
      refusals.note(call({ workspace: `wsp_${n % 4}` }));
      refusals.note(call({ workspace: 'wsp_x', reason: { code: 'closed', detail: null } }));
      clock.now += 20_000;
    }
    expect(actions()).not.toContain('egress.refusal_series');
  });

  it('fills no disk: sixty entries a minute, and then one with the number of the others', () => {
    const { entries, clock, refusals, actions } = aLog();
    for (let n = 0; n < 500; n += 1) refusals.note(call());
    expect(actions().filter((action) => action === 'egress.refused')).toHaveLength(60);
    clock.now += 60_000;
    refusals.note(call());
    expect(entries.find(({ action }) => action === 'egress.refused_more')?.detail).toMatchObject({ times: 440 });
  });

  it('leaves failures that are nobody’s refusal to the run', () => {
    const { entries, refusals } = aLog();
    for (const code of ['egress.timeout', 'broker.rate_limited', 'broker.stopped', 'egress.certificate'])
      refusals.note(call({ code, reason: null }));
    expect(entries).toEqual([]);
  });
});
