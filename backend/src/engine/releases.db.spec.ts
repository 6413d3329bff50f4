import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodiesOf, call, type FlowHouse, openFlowHouse } from '../../test/flow-house.js';
import type { House } from '../../test/open-house.js';
import { waitFor } from '../../test/wait-for.js';

let flows: FlowHouse;
let other: House;

beforeAll(async () => {
  flows = await openFlowHouse();
  other = await flows.open();
});
afterAll(() => flows.close());

let count = 0;
const ids = new Map<string, string>();

async function stop(kind: string, target: string): Promise<void> {
  const { pool, changes } = flows.house;
  count += 1;
  const id = `kil_${count}`;
  ids.set(kind, id);
  await pool.query(
    `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ($1, 'wsp_1', $2, $3, 'drill', 'mbr_1', 'Ada')`,
    [id, kind, target],
  );
  await changes.notify(pool, 'kill-switches', id);
}

async function release(kind: string): Promise<void> {
  const { pool, changes } = flows.house;
  await pool.query(`update kill_switch set released_at = now(), released_by = 'mbr_1' where id = $1`, [ids.get(kind)]);
  await changes.notify(pool, 'kill-switches', 'kil');
  await changes.notify(pool, 'releases', 'wsp_1');
}

const post = (id: string) => call(id, flows.sink.host, { n: { $: 'trigger.body.n' } });

describe('what a kill switch holds', () => {
  it('makes no call from any process, says why it waits, and goes on within seconds of the release', async () => {
    const deployed = await flows.deploy([post('post')], ['hook>post']);
    await stop('host', flows.sink.host);
    const runs = [await flows.start(deployed, { n: 1 }), await flows.start({ ...deployed, url: other.url }, { n: 2 })];
    for (const run of runs) await flows.reached(run, 'waiting');
    expect(bodiesOf(flows.sink)).toEqual([]);

    const before = Date.now();
    await release('host');
    for (const run of runs) await flows.reached(run);
    // The next try of its own would have been half a minute after the first.
    expect(Date.now() - before).toBeLessThan(15_000);
    expect(bodiesOf(flows.sink)).toHaveLength(2);
  });

  it('goes on in a run that something else keeps under way', async () => {
    const late = (step: unknown) => (step === 'slow' ? 12_000 : step === 'first' ? 500 : 0);
    flows.sink.answer = ({ body }) => ({ status: 200, afterMs: late(stepOf(body)) });
    const edges = ['hook>slow', 'hook>first', 'first>held'];
    const deployed = await flows.deploy([post('slow'), post('first'), post('held')], edges);
    const sent = () => bodiesOf(flows.sink).map(stepOf);
    const run = await flows.start(deployed, { n: 3 });
    await waitFor(() => (sent().includes('slow') && sent().includes('first') ? true : undefined));
    await stop('connector', 'http');
    await waitFor(async () => ((await puttings(run)) > 0 ? true : undefined));
    expect(sent()).not.toContain('held');
    expect((await flows.reached(run, 'running')).owner).not.toBeNull();
    await release('connector');
    await waitFor(() => (sent().includes('held') ? true : undefined));
    expect((await flows.reached(run, 'running')).owner).not.toBeNull();
    await flows.reached(run);
    flows.sink.answer = () => ({ status: 200 });
  });

  it('waits on while another one holds it', async () => {
    const deployed = await flows.deploy([post('post')], ['hook>post']);
    await stop('host', '127.0.0.1');
    await stop('connection', await connectionOf(deployed.deployment));
    const count = bodiesOf(flows.sink).length;
    const run = await flows.start(deployed, { n: 4 });
    await flows.reached(run, 'waiting');
    await release('host');
    await waitFor(async () => ((await puttings(run)) > 1 ? true : undefined));
    expect(bodiesOf(flows.sink)).toHaveLength(count);
    await flows.reached(run, 'waiting');
    await release('connection');
    await flows.reached(run);
    expect(bodiesOf(flows.sink)).toHaveLength(count + 1);
  });
});

/** How often the log says that a switch put a call of the run off. */
async function puttings(run: string): Promise<number> {
  const { rows } = await flows.house.pool.query(
    `select from audit_entry where run_id = $1 and action = 'step.outcome' and body like '%broker.stopped%'`,
    [run],
  );
  return rows.length;
}

async function connectionOf(deployment: string): Promise<string> {
  const { rows } = await flows.house.pool.query(`select bindings ->> 'api' as id from deployment where id = $1`, [
    deployment,
  ]);
  return rows[0].id;
}

function stepOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'step' in body ? body.step : undefined;
}
