import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SftpRequest } from '@sluice/shared/connector';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasOpenSsh, type OpenSsh, startOpenSsh } from '../../../test/open-ssh.js';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { openRealBroker } from '../../../test/real-broker.js';
import { aClaim } from '../../../test/records.js';
import { waitFor } from '../../../test/wait-for.js';
import type { Broker } from '../../broker/call.js';
import type { Actor } from '../../platform/actor.js';
import { ConnectionSecretsService } from './connection-secrets.service.js';
import { ConnectionsService } from './connections.service.js';
import { HostKeysService } from './host-keys.service.js';

/** The real broker, its own database role, and Debian's OpenSSH. */
describe.skipIf(!hasOpenSsh)('a connection with an SSH key', () => {
  let server: OpenSsh;
  let house: OpenFeatures;
  let broker: Broker;
  let connections: ConnectionsService;
  let secrets: ConnectionSecretsService;
  let hostKeys: HostKeysService;
  let ada: Actor;
  let id: string;

  beforeAll(async () => {
    server = await startOpenSsh();
    house = await openFeatures({
      async openBroker(parts) {
        const opened = await openRealBroker(parts, [`127.0.0.1:${server.port}`]);
        ({ broker } = opened);
        return opened;
      },
    });
    connections = house.get(ConnectionsService);
    secrets = house.get(ConnectionSecretsService);
    hostKeys = house.get(HostKeysService);
    ({ ada } = await house.aWorkspace({ ada: ['admin'] }));
    await mkdir(join(server.folder, 'in'));
    await mkdir(join(server.folder, 'done'));
  });
  afterAll(async () => {
    await house?.close();
    await server?.close();
  });

  beforeEach(async () => {
    const connection = await connections.create(ada, {
      connector: 'sftp',
      environment: 'dev',
      name: 'Files',
      auth: { kind: 'sshKey', username: server.user },
      config: { host: '127.0.0.1', port: server.port, directory: server.folder },
    });
    ({ id } = connection);
    await server.allow(await publicKeys());
  });

  async function publicKeys(): Promise<string[]> {
    const { versions } = await connections.get(ada.workspace, id);
    return versions.flatMap(({ shown }) => (typeof shown?.['publicKey'] === 'string' ? [shown['publicKey']] : []));
  }

  async function approve(): Promise<void> {
    const { fingerprint } = await hostKeys.read(ada, id);
    await hostKeys.approve(ada, id, fingerprint);
  }

  /** A step's call in an environment that asks for no approval. */
  async function ask(call: string, request: SftpRequest) {
    const capability = broker.mint(
      aClaim({
        now: house.clock.now(),
        workspace: ada.workspace,
        connection: id,
        connector: 'sftp',
        hosts: [`127.0.0.1:${server.port}`],
        call,
      }),
    );
    const answer = await broker.call(capability, { kind: 'sftp', request });
    if (!answer.ok) return answer.failure.code;
    if (answer.kind !== 'sftp') throw new Error('another kind');
    return answer.reply;
  }

  it('shows the public half of a pair that was made here; the private one is in no answer, row or entry', async () => {
    const [shown = ''] = await publicKeys();
    expect(shown).toMatch(/^ssh-ed25519 AAAA[A-Za-z0-9+/]+ sluice-con_/);
    const detail = await connections.get(ada.workspace, id);
    const { rows } = await house.owner.query(`select (select string_agg(c::text, '') from connection c)
      || (select string_agg(v::text, '') from connection_version v) || (select string_agg(s::text, '') from connection_secret s)
      || (select string_agg(body, '') from audit_entry) as text`);
    const everything = JSON.stringify(detail) + String(rows[0].text);
    expect(everything).toContain(shown);
    // How OpenSSH begins every private key, as text and as base64 of that.
    expect(everything).not.toMatch(/PRIVATE KEY|b3BlbnNzaC1rZXktdjE|openssh-key-v1|UFJJVkFURSBLRVk/);
  });

  it('is of no use before somebody approved the host key, and tells of another one', async () => {
    const before = await connections.test(ada, id);
    expect(before).toMatchObject({ ok: false, message: expect.stringContaining('Nobody has approved the host key') });
    expect(await hostKeys.read(ada, id)).toMatchObject({ type: 'ssh-ed25519', isApproved: false });
    await approve();
    expect(await hostKeys.read(ada, id)).toMatchObject({ isApproved: true });
    await becomes(true);
    expect(await connections.test(ada, id)).toEqual({ ok: true, message: 'SFTP accepts this connection.' });
    await hostKeys.approve(ada, id, `SHA256:${'A'.repeat(43)}`);
    await becomes(false);
    expect((await connections.test(ada, id)).message).toContain('shows another host key than the approved one');
    const { rows } = await house.pool.query(
      "select body::jsonb -> 'detail' as detail from audit_entry where action = 'connection.host_key_approved' and subject like $1 order by at, id",
      [`%${id}%`],
    );
    expect(rows.map(({ detail }) => typeof detail.before)).toEqual(['object', 'string']);
  });

  it('tells what is to be done where the key is not installed', async () => {
    await approve();
    await server.allow([]);
    const { ok, message } = await connections.test(ada, id);
    expect([ok, message]).toEqual([false, expect.stringContaining('put the public key into its authorized_keys')]);
  });

  /** What was changed is in force within a second: the broker may not have heard of it yet. */
  async function becomes(ok: boolean): Promise<void> {
    await waitFor(async () => ((await connections.test(ada, id)).ok === ok ? true : undefined), 5000);
  }

  it('is rotated without a gap: both keys are tried while the old one is kept, and then only the new', async () => {
    await approve();
    await secrets.rotate(ada, id, { auth: { kind: 'sshKey', username: server.user }, keepHours: 24 });
    const keys = await publicKeys();
    expect(new Set(keys).size).toBe(2);
    // The server knows the old one alone, then both, then the new one alone.
    for (const known of [[keys[1] ?? ''], keys, [keys[0] ?? '']]) {
      await server.allow(known);
      await becomes(true);
    }
    await secrets.rotate(ada, id, { auth: { kind: 'sshKey', username: server.user }, keepHours: 0 });
    await becomes(false);
  });

  it('lists, reads, writes, moves and deletes in its directory, and nowhere else', async () => {
    await approve();
    const bytes = Buffer.from(Array.from({ length: 1_200_000 }, (_, n) => n % 251));
    const content = bytes.toString('base64');
    const put: SftpRequest = { do: 'put', path: '/in/a b.bin', content, as: 'base64', replace: false };
    expect(await ask('PUT /*', put)).toEqual({ do: 'put', size: bytes.length });
    expect((await readFile(join(server.folder, 'in/a b.bin'))).equals(bytes)).toBe(true);
    expect(await ask('PUT /*', put)).toMatchObject({ do: 'refused', reason: 'exists' });
    expect(await ask('PUT /*', { ...put, content: 'b2s=', replace: true })).toEqual({ do: 'put', size: 2 });
    expect(await ask('GET /*', { do: 'get', path: '/in/a b.bin', as: 'text' })).toMatchObject({ content: 'ok' });
    expect(await ask('MOVE /*', { do: 'move', path: '/in/a b.bin', to: '/done/a.bin', replace: false })).toEqual({
      do: 'move',
    });
    expect(await ask('MOVE /*', { do: 'stat', path: '/in/a b.bin' })).toEqual({ do: 'stat', file: null });
    expect(await ask('LIST /*', { do: 'list', path: '/done' })).toMatchObject({
      files: [{ name: 'a.bin', path: '/done/a.bin', kind: 'file', size: 2 }],
      isCut: false,
    });
    expect(await ask('DELETE /*', { do: 'delete', path: '/done/a.bin' })).toEqual({ do: 'delete', wasThere: true });
    expect(await ask('DELETE /*', { do: 'delete', path: '/done/a.bin' })).toEqual({ do: 'delete', wasThere: false });
    // Nothing half-written stays.
    expect(await readdir(server.folder, { recursive: true })).toEqual(['done', 'in']);
  });

  it('F14: keeps to its directory though a link leads out, and to the call that was approved', async () => {
    await approve();
    await writeFile(join(server.folder, '../secret'), 'secret');
    await symlink(join(server.folder, '..'), join(server.folder, 'up')).catch(() => undefined);
    await symlink('/etc/passwd', join(server.folder, 'passwd')).catch(() => undefined);
    const outside = { do: 'refused', reason: 'outside' };
    expect(await ask('GET /*', { do: 'get', path: '/up/secret', as: 'text' })).toMatchObject(outside);
    expect(await ask('GET /*', { do: 'get', path: '/passwd', as: 'text' })).toMatchObject(outside);
    expect(await ask('LIST /*', { do: 'list', path: '/up' })).toMatchObject(outside);
    expect(await ask('DELETE /*', { do: 'delete', path: '/up/secret' })).toMatchObject(outside);
    expect(await ask('GET /*', { do: 'get', path: '/../secret', as: 'text' })).toBe('broker.bad_request');
    expect(await ask('GET /in/{value}', { do: 'get', path: '/secret', as: 'text' })).toBe('broker.call_not_allowed');
    expect(await ask('GET /*', { do: 'delete', path: '/in/x' })).toBe('broker.call_not_allowed');
    expect(await ask('MOVE /in/{value}', { do: 'move', path: '/in/x', to: '/y', replace: true })).toBe(
      'broker.call_not_allowed',
    );
  });
});
