import { describe, expect, it } from 'vitest';
import { shortName } from '../../src/engine/run-keys.js';
import { flowOf, post } from '../seed.js';
import { aNewRun } from '../records.js';
import { findDisordered } from './find-disordered.js';
import { Service } from './service.js';
import { Tables } from './tables.js';
import { World } from './world.js';

const document = flowOf(
  ['first', 'between', 'last'].map((id) => post(id, 'h')),
  ['hook>first', 'first>between', 'between>last'],
);

/** One run of three steps, whose service heard of each of them at the second that is given. */
function aHistory({ heard, succeeded }: { heard: Record<string, number>; succeeded: string[] }) {
  const world = new World(1);
  const tables = new Tables(
    () => world.now,
    () => undefined,
  );
  const service = new Service(world);
  const run = aNewRun({ id: 'run_1', deployment: 'dep_1' });
  tables.runs.put(run.id, { ...run, epoch: 1, inLine: null });
  const entry = { workspace: 'wsp_1', actor: { kind: 'run', id: run.id }, run: run.id } as const;
  for (const [step, at] of Object.entries(heard)) {
    tables.addEntries([{ ...entry, action: 'step.intent', step, detail: { key: shortName(step) } }]);
    if (succeeded.includes(step))
      tables.addEntries([{ ...entry, action: 'step.outcome', step, detail: { status: 'succeeded' } }]);
    service.lines.push({ at, effect: 'keyed', key: step, run: run.id, attempt: 1, did: true });
  }
  const facts = { tables, service, sandbox: [], taken: new Set<string>(), calmAt: 0 };
  return [...findDisordered(facts, new Map([['dep_1', { document }]]))];
}

describe('a history out of order', () => {
  const succeeded = ['first', 'between', 'last'];

  it('is told, however far apart the steps are', () => {
    expect(aHistory({ heard: { first: 3, between: 4, last: 2 }, succeeded })).toEqual([
      'N3 between of run_1 was done after last had begun',
      'N3 first of run_1 was done after last had begun',
    ]);
  });

  it('is none where each step came after those before it, or one before it failed', () => {
    expect(aHistory({ heard: { first: 1, between: 2, last: 3 }, succeeded })).toEqual([]);
    expect(aHistory({ heard: { first: 3, between: 1, last: 4 }, succeeded: ['between', 'last'] })).toEqual([]);
  });
});
