import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, type FlowHouse, openFlowHouse } from '../../../../test/flow-house.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Clock } from '../../../platform/clock.js';
import { RunEntity } from '../run.entity.js';
import { RunCountsRepository } from './run-counts.repository.js';
import { RunCountsService } from './run-counts.service.js';

let flows: FlowHouse;
let source: DataSource;
let counts: RunCountsService;
const hour = 3_600_000;

beforeAll(async () => {
  flows = await openFlowHouse();
  const { connectionString: url, options } = cellOptions(flows.house.cell);
  source = await new DataSource({ type: 'postgres', url, extra: { options }, entities: [RunEntity] }).initialize();
  const runs = new RunCountsRepository(source.getRepository(RunEntity));
  counts = new RunCountsService(runs, flows.house.keyring, new Clock());
  const to = await flows.deploy(
    [call('first', flows.sink.host, {}), { id: 'ask', kind: 'approval', question: 'Well?' }],
    ['hook>first', 'first>ask'],
    { hook: { key: 'order {{ trigger.body.n }}' } },
  );
  flows.sink.answer = () => ({ status: 200 });
  for (let n = 0; n < 3; n += 1) await flows.reached(await flows.start(to, { n }), 'waiting');
  flows.sink.answer = () => ({ status: 400 });
  await flows.reached(await flows.start(to, { n: 3 }), 'failed');
});
afterAll(async () => {
  await source.destroy();
  await flows.close();
});

const since = (ms: number) => new Date(Date.now() - ms).toISOString();

it('counts runs by when they began and what became of them, and those that are open', async () => {
  const { slices, open, took } = await counts.count('wsp_1', { from: since(hour), slices: 4 });
  expect(slices.map(({ counts: of }) => of.waiting + of.failed)).toEqual([0, 0, 0, 4]);
  expect(slices.at(-1)?.counts).toEqual({
    running: 0,
    waiting: 3,
    succeeded: 0,
    failed: 1,
    cancelled: 0,
    in_doubt: 0,
  });
  expect(open).toEqual({ running: 0, waiting: 3, in_doubt: 0 });
  expect(took?.half).toBeGreaterThan(0);
});

it.each([
  ['a status', { status: 'failed' }, 1],
  ['a business key', { key: 'order 1' }, 1],
  ['an error', { error: 'first' }, 1],
  ['a connector', { connector: 'http' }, 4],
  ['another flow', { flow: 'flw_x' }, 0],
] as const)('takes the filters of the list: %s', async (_, filter, expected) => {
  const { slices } = await counts.count('wsp_1', { ...filter, from: since(hour), slices: 2 });
  const sum = slices.flatMap(({ counts: of }) => Object.values(of)).reduce((all, one) => all + one, 0);
  expect(sum).toBe(expected);
});

it('leaves out what began before or after, and another workspace', async () => {
  const none = await counts.count('wsp_1', { from: since(2 * hour), to: since(hour), slices: 1 });
  expect(none.slices[0]?.counts.waiting).toBe(0);
  expect((await counts.count('wsp_2', { from: since(hour), slices: 1 })).open.waiting).toBe(0);
});

it('refuses a span that ends before it begins', async () => {
  await expect(counts.count('wsp_1', { from: since(-hour), slices: 1 })).rejects.toMatchObject({
    code: 'request.invalid',
  });
});
