import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { ConnectionKeeper } from './connection-keeper.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionsService } from './connections.service.js';

const hour = 3_600_000;
const bearer = (token: string) => ({ kind: 'bearer', token }) as const;

describe('the secret of a connection', () => {
  let house: OpenFeatures;
  let connections: ConnectionsService;
  let secrets: ConnectionSecretsService;
  let keeper: ConnectionKeeper;
  let ada: Actor;

  beforeAll(async () => {
    house = await openFeatures();
    connections = house.get(ConnectionsService);
    secrets = house.get(ConnectionSecretsService);
    keeper = house.get(ConnectionKeeper);
    ({ ada } = await house.aWorkspace({ ada: ['admin'] }));
  });
  afterAll(() => house.close());

  async function aConnection(): Promise<string> {
    const auth = bearer('the-first');
    const { id } = await connections.create(ada, {
      connector: 'hubspot',
      environment: 'dev',
      name: 'CRM',
      auth,
      config: {},
    });
    return id;
  }

  async function stored(id: string): Promise<number[]> {
    const { rows } = await house.owner.query(
      'select version from connection_secret where connection_id = $1 order by version',
      [id],
    );
    return rows.map(({ version }) => version);
  }

  async function states(id: string): Promise<string[]> {
    const { versions } = await connections.get(ada.workspace, id);
    return versions.map(({ version, state }) => `${version} ${state}`);
  }

  async function details(id: string, action: string): Promise<unknown[]> {
    const { rows } = await house.pool.query(
      'select body from audit_entry where action = $1 and subject like $2 order by at, id',
      [action, `%${id}%`],
    );
    return rows.map(({ body }) => JSON.parse(body).detail);
  }

  it('is replaced at once, and the one before is kept for as long as was said, then destroyed', async () => {
    const id = await aConnection();
    await secrets.rotate(ada, id, { auth: bearer('the-second'), keepHours: 6 });
    expect(await connections.find(ada.workspace, id)).toMatchObject({ version: 2 });
    expect(await states(id)).toEqual(['2 in-use', '1 kept']);
    house.clock.ahead += 6 * hour - 60_000;
    await keeper.sweep();
    expect(await stored(id)).toEqual([1, 2]);
    house.clock.ahead += 120_000;
    await Promise.all([keeper.sweep(), keeper.sweep()]);
    expect(await stored(id)).toEqual([2]);
    expect(await states(id)).toEqual(['2 in-use', '1 destroyed']);
    expect(await details(id, 'connection.version_destroyed')).toEqual([{ version: 1 }]);
  });

  it('is destroyed at once when nobody wants it kept', async () => {
    const id = await aConnection();
    await secrets.rotate(ada, id, { auth: bearer('the-second'), keepHours: 0 });
    expect(await stored(id)).toEqual([2]);
    expect(await states(id)).toEqual(['2 in-use', '1 destroyed']);
    await expect(secrets.rollBack(ada, id, 1)).rejects.toMatchObject({ code: 'connection.version_gone' });
  });

  it('can be gone back to while it is kept, and not a moment longer', async () => {
    const id = await aConnection();
    await secrets.rotate(ada, id, { auth: bearer('the-second'), keepHours: 6 });
    await secrets.rollBack(ada, id, 1);
    expect(await connections.find(ada.workspace, id)).toMatchObject({ version: 1 });
    expect(await states(id)).toEqual(['2 kept', '1 in-use']);
    expect(await details(id, 'connection.rolled_back')).toMatchObject([{ version: 1, from: 2 }]);
    // The next one is a third, not the second again.
    await secrets.rotate(ada, id, { auth: bearer('the-third'), keepHours: 6 });
    expect(await states(id)).toEqual(['3 in-use', '2 kept', '1 kept']);
    house.clock.ahead += 6 * hour;
    // Before any sweep.
    await expect(secrets.rollBack(ada, id, 1)).rejects.toMatchObject({ code: 'connection.version_gone' });
    await expect(secrets.rollBack(ada, id, 3)).rejects.toMatchObject({ code: 'connection.version_gone' });
    await secrets.rollBack(ada, id, 2);
    await keeper.sweep();
    expect(await stored(id)).toEqual([2, 3]);
  });

  it('is one after the other when two people rotate at once', async () => {
    const id = await aConnection();
    await Promise.all(['a', 'b', 'c'].map((token) => secrets.rotate(ada, id, { auth: bearer(token), keepHours: 1 })));
    expect(await states(id)).toEqual(['4 in-use', '3 kept', '2 kept', '1 kept']);
    await expect(secrets.rotate(ada, id, { auth: { kind: 'none' }, keepHours: 1 })).rejects.toMatchObject({
      code: 'connection.invalid',
    });
    expect(await stored(id)).toEqual([1, 2, 3, 4]);
  });

  it('is told of before it is due or expires, once for each date and distance', async () => {
    const id = await aConnection();
    const soon = new Date(house.clock.now() + 60 * 24 * hour).toISOString();
    await connections.change(ada, id, { expiresAt: soon });
    const tell = async (days: number) => {
      house.clock.ahead += days * 24 * hour;
      await Promise.all([keeper.sweep(), keeper.sweep()]);
      return {
        expiring: (await details(id, 'connection.expiring')).length,
        due: (await details(id, 'connection.due')).length,
      };
    };
    expect(await tell(40)).toEqual({ expiring: 0, due: 0 });
    expect(await tell(6.5)).toEqual({ expiring: 1, due: 0 });
    expect(await details(id, 'connection.expiring')).toEqual([
      { name: 'CRM', owner: ada.member, at: soon, daysBefore: 14 },
    ]);
    const told = await house.owner.query('select kind, audience, detail from notice_cause where about->>$1 = $2', [
      'id',
      id,
    ]);
    expect(told.rows).toEqual([
      {
        kind: 'connection.due',
        audience: { members: [ada.member] },
        detail: { what: 'end', at: soon, daysBefore: 14 },
      },
    ]);
    expect(await tell(1)).toEqual({ expiring: 1, due: 0 });
    expect(await tell(10)).toEqual({ expiring: 2, due: 0 });
    // Overdue by then, and about to be due: nobody hears of what was nearer before.
    expect(await tell(30)).toEqual({ expiring: 3, due: 1 });
    await secrets.rotate(ada, id, { auth: bearer('the-second'), keepHours: 1 });
    expect(await tell(1)).toEqual({ expiring: 3, due: 1 });
    expect((await connections.find(ada.workspace, id)).expiresAt).toBeNull();
  });
});
