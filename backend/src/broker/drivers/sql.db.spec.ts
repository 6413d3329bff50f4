import { connect, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SqlRequest } from '@sluice/shared/connector';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alwaysOpen, type Gate } from '../gate.js';
import { makeCertificate } from '../../../test/certificate.js';
import { shutAt } from '../../../test/shut-gate.js';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { connector } from '../../connectors/postgresql/index.js';
import { CallEnded } from '../refusal.js';
import { callSql, readSqlRequest } from './sql.js';

const certificate = makeCertificate('db.test');
const password = 'canary-d4ta+base/9';

/** A real PostgreSQL behind a door that begins TLS as PostgreSQL's own does, with a certificate that the test trusts. */
describe('the PostgreSQL driver', () => {
  let database: TestDatabase;
  let owner: pg.Pool;
  let door: Server;
  let port = 0;
  const sockets = new Set<Socket>();
  const role = `reader_${process.pid}`;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Pool({ connectionString: database.url, max: 1 });
    await owner.query(`create table orders (number int primary key, total numeric(12, 2), note text);
      insert into orders select n, n * 1.5, 'note ' || n from generate_series(1, 2500) n;
      create role ${role} login password '${password}';
      grant select on orders to ${role}`);
    const behind = new URL(database.url);
    door = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('S');
        const inside = new TLSSocket(socket, { isServer: true, key: certificate.key, cert: certificate.cert });
        const onward = connect(Number(behind.port), behind.hostname);
        for (const end of [inside, onward]) end.on('error', () => undefined);
        // A driver that leaves unread rows behind resets the connection: the server must hear of that as well, else it
        // keeps its locks.
        inside.on('close', () => onward.destroy());
        inside.pipe(onward).pipe(inside);
      });
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const address = door.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    ({ port } = address);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    door.close();
    await owner.query(`drop owned by ${role}; drop role ${role}`);
    await owner.end();
    await database.drop();
  });

  interface Given extends Partial<SqlRequest> {
    username?: string;
    secret?: string;
    host?: string;
    ca?: string[];
    milliseconds?: number;
    at?: number;
    gate?: Gate;
  }
  async function ask(statement: string, parameters: SqlRequest['parameters'] = [], given: Given = {}) {
    const { host = 'db.test', ca = [certificate.cert], milliseconds = 10_000, at = port } = given;
    const url = new URL(database.url);
    const { reply } = await callSql({
      connector: 'postgresql',
      label: 'db.test',
      route: { host, port: at, isTls: true, addresses: ['127.0.0.1'] },
      ca,
      server: { host, port: at, database: url.pathname.slice(1) },
      request: { do: given.do ?? 'query', statement, parameters, mostRows: given.mostRows ?? 1000 },
      auth: { kind: 'basic', username: given.username ?? role, password: given.secret ?? password },
      milliseconds,
      gate: given.gate ?? alwaysOpen,
    });
    return reply;
  }
  function asOwner(given: Given = {}): Given {
    const { username, password: secret } = new URL(database.url);
    return { ...given, username: decodeURIComponent(username), secret: decodeURIComponent(secret) };
  }
  async function failure(sent: Promise<unknown>) {
    const error = await sent.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof CallEnded)) throw error ?? new Error('it went well');
    return error.failure;
  }
  const count = async () => (await owner.query('select count(*)::int as n from orders')).rows[0].n;

  it.each([
    ['signs in nowhere', 1],
    ['executes nothing', 2],
  ])('%s once the call is stopped', async (_what, turn) => {
    const before = await count();
    const given = asOwner({ do: 'execute', gate: shutAt(turn), ...(turn === 1 && { secret: 'wrong' }) });
    // Whoever had signed in with this password would hear of that instead.
    const stopped = await failure(ask('delete from orders where number = 1', [], given));
    expect(stopped).toMatchObject({ code: 'broker.revoked', uncertain: false });
    expect(await count()).toBe(before);
  });

  it('asks for nothing once the call is stopped', async () => {
    expect(await failure(ask('select 1', [], { gate: shutAt(2) }))).toMatchObject({ code: 'broker.revoked' });
  });

  it('gives rows as plain data, without losing a digit', async () => {
    const statement = `select number, total, note, null as nothing, true as yes, 9007199254740993::bigint as big,
      '{"a":[1]}'::jsonb as json, timestamptz '2026-01-05 09:00+01' as at, '\\xff00'::bytea as bytes from orders where number = $1`;
    expect(await ask(statement, [7])).toEqual({
      do: 'done',
      changed: 0,
      isCut: false,
      rows: [
        {
          number: 7,
          total: '10.50',
          note: 'note 7',
          nothing: null,
          yes: true,
          big: '9007199254740993',
          json: { a: [1] },
          at: '2026-01-05 08:00:00+00',
          bytes: '\\xff00',
        },
      ],
    });
  });

  it('cuts what is too much, by rows and by bytes', async () => {
    const many = await ask('select number from orders order by number', [], { mostRows: 150 });
    expect(many.do === 'done' && [many.rows.length, many.isCut, many.rows.at(-1)]).toEqual([
      150,
      true,
      { number: 150 },
    ]);
    const large = await ask("select repeat('x', 1000000) as x from orders");
    expect(large.do === 'done' && [large.rows.length, large.isCut]).toEqual([10, true]);
  });

  it('F14: takes a value for a value, whatever it holds, and one statement for one', async () => {
    const hostile = "note 1'; drop table orders; --";
    expect(await ask('select number from orders where note = $1', [hostile])).toMatchObject({ rows: [] });
    for (const does of ['query', 'execute'] as const) {
      const given = asOwner({ do: does });
      expect(await ask('select 1; drop table orders', [], given)).toMatchObject({ do: 'refused', code: '42601' });
      expect(await ask('commit; drop table orders', [], given)).toMatchObject({ do: 'refused', code: '42601' });
    }
    expect(await count()).toBe(2500);
  });

  it('F14: writes nothing by a query, even for a login that may', async () => {
    const writes = [
      'delete from orders',
      'with gone as (delete from orders returning number) select * from gone',
      "select setval('pg_catalog.x', 1)",
      'create table mine (a int)',
    ];
    for (const statement of writes) expect((await ask(statement, [], asOwner())).do).toBe('refused');
    expect(await ask('delete from orders', [], asOwner())).toMatchObject({
      code: '25006',
      message: expect.stringContaining('a query may only read'),
    });
    expect(await count()).toBe(2500);
  });

  it('refuses COPY, and leaves nothing of it behind', async () => {
    const refused = { do: 'refused', code: '0A000', message: expect.stringContaining('a select or an insert') };
    const execute = asOwner({ do: 'execute' });
    expect(await ask('copy orders from stdin', [], execute)).toMatchObject(refused);
    expect(await ask('copy (delete from orders returning number) to stdout', [], execute)).toMatchObject(refused);
    expect(await ask('/* rows */ copy orders to stdout')).toMatchObject(refused);
    expect(await count()).toBe(2500);
  });

  it('carries a change out to its end however many rows of it come in', async () => {
    const widen = 'update orders set note = note returning repeat(note, 1000) as wide';
    const changed = await ask(widen, [], asOwner({ do: 'execute', mostRows: 2 }));
    expect(changed.do === 'done' && [changed.changed, changed.rows.length, changed.isCut]).toEqual([2500, 2, true]);
  });

  it('writes by an execute and tells how many rows, or that the login may not', async () => {
    const statement = 'update orders set note = $1 where number <= $2 returning number';
    expect(await ask(statement, ['seen', 2], asOwner({ do: 'execute' }))).toMatchObject({
      changed: 2,
      rows: [{ number: 1 }, { number: 2 }],
    });
    expect(await ask(statement, ['seen', 2], { do: 'execute' })).toMatchObject({ do: 'refused', code: '42501' });
  });

  it('tells of a mistake in the statement by name, and of a value never', async () => {
    expect(await ask('select nonsense from orders')).toMatchObject({ message: expect.stringContaining('nonsense') });
    const given = asOwner({ do: 'execute' });
    const clash = await ask('insert into orders values ($1, 1, $2)', [1, 'ada@example.com'], given);
    expect(clash).toMatchObject({ do: 'refused', code: '23505' });
    expect(JSON.stringify(clash)).not.toContain('ada@example.com');
    const wrong = await ask('select number from orders where number = $1::int', ['secret-text']);
    expect(wrong).toMatchObject({ code: '22P02' });
    expect(JSON.stringify(wrong)).not.toContain('secret-text');
  });

  it('has the database end a statement that takes too long', async () => {
    const ended = await ask('select pg_sleep(20)', [], { milliseconds: 1800 });
    expect(ended).toMatchObject({ do: 'refused', code: '57014' });
  });

  it('T2: talks to nobody whose certificate is not proven, or who has no TLS at all', async () => {
    const refused = { code: 'egress.certificate', uncertain: false };
    expect(await failure(ask('select 1', [], { ca: [makeCertificate('db.test').cert] }))).toMatchObject(refused);
    expect(await failure(ask('select 1', [], { host: 'other.test' }))).toMatchObject(refused);
    expect(await failure(ask('select 1', [], { at: Number(new URL(database.url).port) }))).toMatchObject(refused);
  });

  it('F16: shows the password nowhere when the login is refused', async () => {
    const refusal = await failure(ask('select 1', [], { secret: `${password}x` }));
    expect(refusal).toMatchObject({ kind: 'refused', code: 'egress.login_refused' });
    expect(JSON.stringify(refusal)).not.toContain(password);
  });

  it('says whether a right to write was found for the login', async () => {
    const test = async (given: Given) => {
      const net = { sql: (request: SqlRequest) => ask(request.statement, request.parameters, given) };
      const step = { config: {}, net, idempotencyKey: '', signal: new AbortController().signal };
      return await connector.base.test?.(step as never);
    };
    const mayWrite = /^Its login may write/;
    expect(await test({})).toMatch(/^No right to write was found/);
    expect(await test(asOwner())).toMatch(mayWrite);
    const base = new URL(database.url).pathname.slice(1);
    await owner.query('create sequence numbers; create schema drafts');
    for (const right of [
      'update (note) on orders',
      'usage on sequence numbers',
      'create on schema drafts',
      `create on database ${base}`,
    ]) {
      await owner.query(`grant ${right} to ${role}`);
      expect(await test({}), right).toMatch(mayWrite);
      await owner.query(`revoke ${right} from ${role}`);
    }
    await owner.query(`grant pg_write_all_data to ${role} with inherit false`);
    expect(await test({})).toMatch(mayWrite);
    await owner.query(`revoke pg_write_all_data from ${role}`);
    expect(await test({})).toMatch(/^No right to write was found/);
  });

  it('refuses to ask for what is no statement', () => {
    const fine = { do: 'query', statement: 'select 1', parameters: [], mostRows: 1 };
    for (const change of [{ parameters: [{}] }, { statement: '' }, { do: 'copy' }, { mostRows: 1e6 }, { more: 1 }]) {
      expect(() => readSqlRequest({ ...fine, ...change })).toThrow(CallEnded);
    }
  });
});
