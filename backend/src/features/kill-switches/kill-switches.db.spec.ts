import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aNewRun, beginning } from '../../../test/records.js';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Stops } from '../../platform/stops.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { DeploymentsService } from '../deployments/deployments.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { RunsModule } from '../runs/runs.module.js';
import { RunsService } from '../runs/runs.service.js';
import { KillSwitchesService } from './kill-switches.service.js';

let features: OpenFeatures;
let switches: KillSwitchesService;
let ada: Actor;
let grace: Actor;

beforeAll(async () => {
  features = await openFeatures({ more: [RunsModule] });
  switches = features.get(KillSwitchesService);
});
afterAll(() => features.close());
beforeEach(async () => {
  ({ ada, grace } = await features.aWorkspace({ ada: ['owner'], grace: ['operator'] }));
});

const host = (id = 'api.example.com') => ({ target: { kind: 'host' as const, id }, reason: 'breach' });

async function entries(workspace: string) {
  const { rows } = await features.pool.query(
    `select body from audit_entry where workspace_id = $1 and action like 'killswitch.%' order by at, id`,
    [workspace],
  );
  return rows.map(({ body }) => JSON.parse(body));
}

describe('a kill switch', () => {
  it('is set and released, with a line in the log for each', async () => {
    const set = await switches.set(grace, host('API.example.com'));
    expect(set).toMatchObject({
      target: { kind: 'host', id: 'api.example.com', name: 'api.example.com' },
      setBy: { id: grace.member, name: 'grace' },
      releasedBy: null,
      releasedAt: null,
    });
    const released = await switches.release(ada, set.id);
    expect(released).toMatchObject({ releasedBy: { id: ada.member, name: 'ada' }, releasedAt: expect.any(String) });
    expect(await entries(ada.workspace)).toMatchObject([
      {
        action: 'killswitch.set',
        actor: { id: grace.member },
        subject: { kind: 'kill switch', id: set.id },
        detail: { kind: 'host', target: 'api.example.com', reason: 'breach' },
      },
      { action: 'killswitch.released', actor: { id: ada.member }, subject: { id: set.id } },
    ]);
  });

  it('holds its target once: a second one is refused and changes nothing', async () => {
    await switches.set(ada, host());
    await expect(switches.set(grace, host('api.example.com.'))).rejects.toMatchObject({
      code: 'killswitch.already_on',
    });
    const sets = [switches.set(ada, host('b.example.com')), switches.set(grace, host('b.example.com'))];
    const settled = await Promise.allSettled(sets);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await switches.list(ada.workspace, { status: 'on', limit: 10 })).toHaveLength(2);
    expect(await entries(ada.workspace)).toHaveLength(2);
  });

  it('is released once', async () => {
    const { id } = await switches.set(ada, host());
    const settled = await Promise.allSettled([switches.release(ada, id), switches.release(grace, id)]);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(switches.release(ada, id)).rejects.toMatchObject({ code: 'killswitch.released' });
    expect(await switches.set(ada, host())).toMatchObject({ releasedAt: null });
  });

  it('names its flow, connection, connector and environment', async () => {
    const flow = await features.get(FlowsService).create(ada, { name: 'Orders' });
    const connection = await features.get(ConnectionsService).create(ada, {
      connector: 'http',
      environment: 'dev',
      name: 'Books',
      auth: { kind: 'none' },
      config: { allowedHosts: ['api.example.com'] },
    });
    const targets = [
      { kind: 'flow', id: flow.id },
      { kind: 'connection', id: connection.id },
      { kind: 'connector', id: 'hubspot' },
      { kind: 'environment', id: 'production' },
    ] as const;
    for (const target of targets) await switches.set(ada, { target, reason: 'drill' });
    const items = await switches.list(ada.workspace, { limit: 10 });
    expect(items.map(({ target }) => target.name)).toEqual(['production', 'HubSpot', 'Books (dev)', 'Orders']);
  });

  it.each([
    ['flow', 'flw_unknown', 'flow.unknown'],
    ['connection', 'con_unknown', 'connection.unknown'],
    ['connector', 'constructor', 'connector.unknown'],
    ['environment', 'moon', 'environment.unknown'],
    ['host', 'https://api.example.com', 'request.invalid'],
  ] as const)('on no %s that is there is refused', async (kind, id, code) => {
    await expect(switches.set(ada, { target: { kind, id }, reason: 'x' })).rejects.toMatchObject({ code });
    expect(await switches.list(ada.workspace, { limit: 10 })).toEqual([]);
  });

  it('of another workspace is neither seen, nor released, nor set on what is theirs', async () => {
    const { eve } = await features.aWorkspace({ eve: ['owner'] });
    const { id } = await switches.set(ada, host());
    const flow = await features.get(FlowsService).create(ada, { name: 'Orders' });
    expect(await switches.list(eve.workspace, { limit: 10 })).toEqual([]);
    await expect(switches.release(eve, id)).rejects.toMatchObject({ code: 'killswitch.unknown' });
    const theirs = { target: { kind: 'flow' as const, id: flow.id }, reason: 'x' };
    await expect(switches.set(eve, theirs)).rejects.toMatchObject({ code: 'flow.unknown' });
  });

  it('is in force where it is read, as soon as it is set', async () => {
    const stops = features.get(Stops);
    expect(await stops.list(ada.workspace)).toEqual([]);
    const { id } = await switches.set(ada, host());
    await expect
      .poll(() => stops.list(ada.workspace))
      .toEqual([{ kind: 'host', target: 'api.example.com', reason: 'breach', by: 'ada' }]);
    await switches.release(ada, id);
    await expect.poll(() => stops.list(ada.workspace)).toEqual([]);
    // And within a second when the news is lost.
    await features.pool.query(`update kill_switch set released_at = null where id = $1`, [id]);
    features.clock.ahead += 1000;
    expect(await stops.list(ada.workspace)).toHaveLength(1);
  });

  it('is lifted by two people where deployments are approved, and by one elsewhere', async () => {
    const production = { target: { kind: 'environment' as const, id: 'production' }, reason: 'breach' };
    const set = await switches.set(grace, production);
    expect(set).toMatchObject({ takesTwo: true, liftAskedBy: null });
    const asked = await switches.release(grace, set.id);
    expect(asked).toMatchObject({ liftAskedBy: { id: grace.member, name: 'grace' }, releasedAt: null });
    await expect(switches.release(grace, set.id)).rejects.toMatchObject({ code: 'killswitch.second_person' });
    expect(await features.get(Stops).list(ada.workspace)).toHaveLength(1);
    expect(await switches.release(ada, set.id)).toMatchObject({ releasedBy: { name: 'ada' } });
    const dev = await switches.set(grace, { ...production, target: { kind: 'environment', id: 'dev' } });
    expect(await switches.release(grace, dev.id)).toMatchObject({ takesTwo: false, releasedAt: expect.any(String) });
    expect((await entries(ada.workspace)).map(({ action }) => action)).toEqual([
      'killswitch.set',
      'killswitch.lift_asked',
      'killswitch.released',
      'killswitch.set',
      'killswitch.released',
    ]);
  });

  it('is lifted by a second person where one may lift it in that environment alone', async () => {
    await features.pool.query(
      `update member set roles = '{}', environment_roles = '{"production": ["operator"]}' where id = $1`,
      [grace.member],
    );
    const ask = async (id: string) => {
      const { id: stop } = await switches.set(ada, { target: { kind: 'environment', id }, reason: 'breach' });
      await switches.release(ada, stop);
      return await switches.release(ada, stop).catch(({ message }: Error) => message);
    };
    expect(await ask('production')).toContain('somebody else has to confirm');
    expect(await ask('staging')).toContain('Nobody else here may lift it');
  });

  it.each([
    ['connection', true],
    ['connector', true],
    ['host', true],
  ] as const)('on a %s takes two once it is used where deployments are approved', async (kind, two) => {
    const given = { connector: 'http', name: 'Books', auth: { kind: 'none' as const } };
    const config = { allowedHosts: ['api.example.com:8443'] };
    const create = (environment: string) =>
      features.get(ConnectionsService).create(ada, { ...given, environment, config });
    const dev = await create('dev');
    const targets = { connection: dev.id, connector: 'http', host: 'api.example.com' };
    const first = await switches.set(ada, { target: { kind, id: targets[kind] }, reason: 'x' });
    expect(first.takesTwo).toBe(false);
    await switches.release(ada, first.id);
    const production = await create('production');
    const id = kind === 'connection' ? production.id : targets[kind];
    expect((await switches.set(ada, { target: { kind, id }, reason: 'x' })).takesTwo).toBe(two);
  });

  it('is told to those who may lift it, in the same transaction', async () => {
    await switches.set(grace, host());
    const { rows } = await features.pool.query(
      `select kind, about, audience from notice_cause where workspace_id = $1`,
      [ada.workspace],
    );
    expect(rows).toMatchObject([
      { kind: 'killswitch.set', about: { name: 'api.example.com' }, audience: { except: grace.member } },
    ]);
  });

  it('keeps a stopped flow from being started by hand, and its runs from being tried again', async () => {
    const flow = await features.get(FlowsService).create(ada, { name: 'Orders' });
    await features.pool.query(
      `insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by) values ($1, 1, $2, 'h', '{}', '{}', $3)`,
      [flow.id, ada.workspace, ada.member],
    );
    await features.pool.query(
      `insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by) values ('dep_1', $1, $2, 'dev', 1, '{}', 'active', $3)`,
      [ada.workspace, flow.id, ada.member],
    );
    await switches.set(ada, { target: { kind: 'flow', id: flow.id }, reason: 'breach' });
    const run = () => features.get(DeploymentsService).run(ada, flow.id, { environment: 'dev' });
    const stopped = {
      code: 'flow.stopped',
      message: 'ada stopped this flow: “breach”. It goes on once the kill switch is released.',
    };
    await expect(run()).rejects.toMatchObject(stopped);
    expect(features.started).toEqual([]);
    const { id } = aNewRun();
    await features
      .get(Journal)
      .append(
        beginning({ id, workspace: ada.workspace, flow: flow.id, deployment: 'dep_1', status: 'failed', endedAt: 1 }),
      );
    const again = { from: 'start', version: 'same', repeat: [] } as const;
    await expect(features.get(RunsService).retry(ada, id, again)).rejects.toMatchObject(stopped);
  });
});
