import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FlowHouse, openFlowHouse } from '../../../test/flow-house.js';
import { hasOpenSsh, type OpenSsh, startOpenSsh } from '../../../test/open-ssh.js';
import { waitFor } from '../../../test/wait-for.js';
import { claimOfNoFlow, Vault } from '../../broker/call.js';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { Polls } from './polls.js';

/** A clock that goes on from where it is put. */
class MovedOn extends Clock {
  ahead = 0;
  override now(): number {
    return super.now() + this.ahead;
  }
}

/** Files that come to Debian's OpenSSH, taken by a flow that reads, moves, writes and deletes them. */
describe.skipIf(!hasOpenSsh)('new files on an SFTP server', () => {
  let server: OpenSsh;
  let flows: FlowHouse;
  let clock: MovedOn;
  let open: Polls[];

  beforeEach(async () => {
    clock = new MovedOn();
    server = await startOpenSsh();
    for (const name of ['in', 'done']) await mkdir(join(server.folder, name));
    flows = await openFlowHouse({ clock, allowPrivateHosts: [`127.0.0.1:${server.port}`] });
    open = [];
  });
  afterEach(async () => {
    for (const polls of open) await polls.stop();
    await flows?.close();
    await server?.close();
  });

  const put = (name: string, text: string) => writeFile(join(server.folder, 'in', name), text);
  const inFolder = async (name: string) => (await readdir(join(server.folder, name))).toSorted();
  const events = async () => {
    const { rows } = await flows.house.pool.query(
      `select count(*)::int as count from trigger_event where status = 'accepted'`,
    );
    return rows[0].count;
  };
  const poll = async () => (await flows.house.pool.query('select * from poll')).rows[0];

  /** A connection whose key the server takes and whose host key is approved, unless another one is pinned. */
  async function connect(pinned?: string): Promise<void> {
    const { house } = flows;
    const host = `127.0.0.1:${server.port}`;
    const config = { host: '127.0.0.1', port: server.port, directory: server.folder };
    await house.pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
       values ('con_files', 'wsp_1', 'dev', 'sftp', 'Files', 'sshKey', $1, $2, 'mbr_1')`,
      [config, [host]],
    );
    const shown = await new Vault(house.keyring).putSecret(
      house.pool,
      { workspace: 'wsp_1', environment: 'dev', id: 'con_files', version: 1 },
      { kind: 'sshKey', username: server.user },
    );
    const publicKey = shown?.['publicKey'];
    if (typeof publicKey !== 'string') throw new Error('no public key');
    await server.allow([publicKey]);
    const of = { workspace: 'wsp_1', environment: 'dev', connection: 'con_files', connector: 'sftp', hosts: [host] };
    const claim = claimOfNoFlow(of, { call: 'HOST-KEY /', deadline: clock.now() + 20_000 });
    const answer = await house.broker.call(house.broker.mint(claim), { kind: 'sftp', request: { do: 'host-key' } });
    if (!answer.ok || answer.kind !== 'sftp' || answer.reply.do !== 'host-key') throw new Error('no host key');
    const hostKey = pinned ?? answer.reply.fingerprint;
    await house.pool.query(`update connection set config = config || jsonb_build_object('hostKey', $1::text)`, [
      hostKey,
    ]);
    house.changes.publish('connections', ['con_files']);
  }

  /** Answers what has two processes look, five minutes after the look before. */
  async function deploy(config: object = {}): Promise<() => Promise<void>> {
    const { house } = flows;
    const step = (id: string, action: string, input: object) => ({ id, kind: 'action', slot: 'files', action, input });
    const path = { $: 'trigger.body.path' };
    const to = await flows.deploy(
      [
        step('read', 'files.download', { path }),
        step('copy', 'files.upload', { path: '/done/{{ trigger.body.name }}', content: { $: 'steps.read.content' } }),
        step('away', 'files.delete', { path }),
      ],
      ['hook>read', 'read>copy', 'copy>away'],
      { hook: { connector: 'sftp', trigger: 'file.new', config: { path: '/in', endsWith: '.csv', ...config } } },
    );
    await house.pool.query(
      `update flow_version set document = jsonb_set(document::jsonb, '{slots}', '{"files":{"connector":"sftp"}}')::json where flow_id = $1`,
      [to.flow],
    );
    await house.pool.query(`update deployment set bindings = '{"files":"con_files"}' where id = $1`, [to.deployment]);
    house.changes.publish('deployments', [to.deployment]);
    const { pool, engine, journal, broker, stops, changes } = house;
    const parts = { pool, engine, journal, broker, stops, changes, clock, log: new Log('silent') };
    open = [new Polls(parts), new Polls(parts)];
    return async () => {
      await Promise.all(open.map((polls) => polls.tick()));
      // A call that is under way when the clock moves on would be late.
      await waitFor(async () => ((await flows.runs()).every(({ status }) => status !== 'running') ? true : undefined));
      clock.ahead += 301_000;
    };
  }

  it('start one run each once they have stopped growing, and are read, written elsewhere and deleted', async () => {
    await connect();
    await put('old.csv', 'was there before');
    const look = await deploy();
    await look();
    await put('orders.csv', 'sku,qty\n');
    await put('.part.csv', 'still being written');
    await put('notes.txt', 'no order');
    await look();
    expect(await events(), 'it may still grow').toBe(0);
    await put('orders.csv', 'sku,qty\nA1,2\n');
    await look();
    expect(await events(), 'it has grown').toBe(0);
    await look();
    await look();
    expect(await events()).toBe(1);
    expect((await flows.runs())[0]).toMatchObject({ status: 'succeeded', started_by: 'poll', error: null });
    expect(await readFile(join(server.folder, 'done', 'orders.csv'), 'utf8')).toBe('sku,qty\nA1,2\n');
    expect(await inFolder('in')).toEqual(['.part.csv', 'notes.txt', 'old.csv']);
    expect((await poll()).trouble).toBeNull();
    expect((await poll()).cursor).not.toContain('orders');
  });

  it('start runs for those that are there, where all are asked for', async () => {
    await connect();
    await put('a.csv', 'a');
    await put('b.csv', 'b');
    const look = await deploy({ begin: 'all' });
    await look();
    await look();
    expect(await events()).toBe(2);
    expect(await inFolder('done')).toEqual(['a.csv', 'b.csv']);
  });

  it('are not looked for behind another host key than the one that was approved', async () => {
    await connect(`SHA256:${'A'.repeat(43)}`);
    await put('orders.csv', 'a');
    const look = await deploy({ begin: 'all' });
    await look();
    await look();
    expect(await events()).toBe(0);
    expect((await poll()).trouble).toMatchObject({ message: expect.stringMatching(/host key/) });
  });
});
