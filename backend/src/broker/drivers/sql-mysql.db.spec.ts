import type { SqlRequest } from '@sluice/shared/connector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { hasMariaDb, type MariaDb, startMariaDb } from '../../../test/maria-db.js';
import { shutAt } from '../../../test/shut-gate.js';
import { connector } from '../../connectors/mysql/index.js';
import { alwaysOpen, type Gate } from '../gate.js';
import { CallEnded } from '../refusal.js';
import { callSql } from './sql.js';

const certificate = makeCertificate('db.test');
const password = 'canary-d4ta+base/9';

const script = [
  'create database shop character set utf8mb4',
  'create table shop.orders (number int primary key, total decimal(12, 2), note varchar(2000))',
  "insert into shop.orders select seq, seq * 1.5, concat('note ', seq) from shop.seq_1_to_2500",
  `create user 'reader'@'%' identified by '${password}'`,
  "grant select on shop.* to 'reader'@'%'",
  // What a server may be set to, and no statement may depend on.
  "set global autocommit = 0, global time_zone = '+05:00', global max_statement_time = 0",
];

/** A real MariaDB (Debian's), which speaks TLS by itself. */
describe.skipIf(!hasMariaDb)('the MySQL driver and MariaDB', () => {
  let server: MariaDb;

  beforeAll(async () => {
    server = await startMariaDb(certificate, script);
  }, 60_000);
  afterAll(() => server?.close());

  interface Given extends Partial<SqlRequest> {
    username?: string;
    secret?: string;
    host?: string;
    ca?: string[];
    milliseconds?: number;
    gate?: Gate;
    database?: string;
  }
  async function ask(statement: string, parameters: SqlRequest['parameters'] = [], given: Given = {}) {
    const { host = 'db.test', ca = [certificate.cert], milliseconds = 10_000, database = 'shop' } = given;
    const { reply } = await callSql({
      connector: 'mysql',
      label: 'db.test',
      route: { host, port: server.port, isTls: true, addresses: ['127.0.0.1'] },
      ca,
      server: { host, port: server.port, database },
      request: { do: given.do ?? 'query', statement, parameters, mostRows: given.mostRows ?? 1000 },
      auth: { kind: 'basic', username: given.username ?? 'reader', password: given.secret ?? password },
      milliseconds,
      gate: given.gate ?? alwaysOpen,
    });
    return reply;
  }
  const asOwner = (given: Given = {}): Given => ({
    ...given,
    username: server.owner.username,
    secret: server.owner.password,
  });
  const execute = (statement: string, parameters: SqlRequest['parameters'] = []) =>
    ask(statement, parameters, asOwner({ do: 'execute' }));
  async function failure(sent: Promise<unknown>) {
    const error = await sent.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof CallEnded)) throw error ?? new Error('it went well');
    return error.failure;
  }
  async function count() {
    const reply = await ask('select count(*) as n from orders');
    return reply.do === 'done' ? Number(reply.rows[0]?.['n']) : null;
  }

  it.each([
    ['signs in nowhere', 1],
    ['prepares nothing', 2],
    ['executes nothing', 3],
  ])('%s once the call is stopped', async (_what, turn) => {
    const given = asOwner({ do: 'execute', gate: shutAt(turn) });
    // Whoever had signed in with this password, or prepared this statement, would hear of that instead.
    const wrong = turn === 1 ? { secret: 'wrong' } : {};
    const statement = turn === 2 ? 'delete from nothing' : 'delete from orders where number = 1';
    const stopped = await failure(ask(statement, [], { ...given, ...wrong }));
    expect(stopped).toMatchObject({ code: 'broker.revoked' });
    expect(await count()).toBe(2500);
  });

  it('gives rows as plain data, without losing a digit', async () => {
    await execute(`create or replace table kinds (tiny tinyint, yes boolean, half smallint, mid mediumint, whole int, positive int unsigned,
      big bigint, huge bigint unsigned, dec_ decimal(40, 10), f float, d double, day date, at datetime(3), stamp timestamp, clock time(2),
      y year, b bit(9), bytes varbinary(10), doc json, words text, kind enum('a', 'b'), place point, nothing int)`);
    const inserted = await execute(
      `insert into kinds values (-1, true, 2, 3, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615, ?, 1.1, 0.1,
        '2026-01-05', '2026-01-05 09:00:00.125', ?, '-26:03:04.5', 2026, b'100000001', x'ff00', ?, ?, 'b', point(1, 2), null)`,
      ['123456789012345678901234567890.0123456789', '2026-01-05 09:00:00', '{"a":[1]}', 'Zoë 🚀'],
    );
    expect(inserted).toMatchObject({ do: 'done', changed: 1, rows: [] });
    expect(await ask('select * from kinds')).toMatchObject({
      do: 'done',
      changed: 0,
      isCut: false,
      rows: [
        {
          tiny: -1,
          yes: 1,
          half: 2,
          mid: 3,
          whole: -2147483648,
          positive: 4294967295,
          big: '-9223372036854775808',
          huge: '18446744073709551615',
          dec_: '123456789012345678901234567890.0123456789',
          f: 1.1,
          d: 0.1,
          day: '2026-01-05',
          at: '2026-01-05 09:00:00.125',
          // In UTC, as it was written.
          stamp: '2026-01-05 09:00:00',
          clock: '-26:03:04.5',
          y: 2026,
          b: '\\x0101',
          bytes: '\\xff00',
          doc: { a: [1] },
          words: 'Zoë 🚀',
          kind: 'b',
          place: expect.stringMatching(/^\\x[0-9a-f]+$/),
          nothing: null,
        },
      ],
    });
  });

  it('reads times in UTC, whatever the zone of the server is', async () => {
    expect(await ask('select from_unixtime(0) as epoch')).toMatchObject({ rows: [{ epoch: '1970-01-01 00:00:00' }] });
  });

  it('takes text, whole numbers, others, booleans and null as parameters', async () => {
    const reply = await ask(
      'select ? as a, ? + 0 as b, ? as c, ? as d, ? as e, number from orders order by number limit ?',
      ['x', 9007199254740991, 1.5, true, null, 1],
    );
    expect(reply).toMatchObject({
      rows: [{ a: 'x', b: '9007199254740991', c: 1.5, d: 1, e: null, number: 1 }],
    });
    expect(await ask('select ? as a', [])).toMatchObject({
      do: 'refused',
      message: 'The statement has 1 placeholders and 0 parameters: give one for each.',
    });
  });

  it('cuts what is too much, by rows and by bytes', async () => {
    const many = await ask('select number from orders order by number', [], { mostRows: 150 });
    expect(many.do === 'done' && [many.rows.length, many.isCut, many.rows.at(-1)]).toEqual([
      150,
      true,
      { number: 150 },
    ]);
    const all = await ask('select number from orders where number <= 150', [], { mostRows: 150 });
    expect(all.do === 'done' && [all.rows.length, all.isCut]).toEqual([150, false]);
    const large = await ask("select repeat('x', 1000000) as x from orders");
    expect(large.do === 'done' && [large.rows.length, large.isCut]).toEqual([10, true]);
    const row = await ask("select repeat('x', 15000000) as x");
    expect(row).toMatchObject({ do: 'done', rows: [], isCut: true });
  });

  it('F14: takes a value for a value, whatever it holds, and one statement for one', async () => {
    const hostile = "note 1'; drop table orders; --";
    expect(await ask('select number from orders where note = ?', [hostile])).toMatchObject({ rows: [] });
    for (const does of ['query', 'execute'] as const) {
      const given = asOwner({ do: does });
      expect(await ask('select 1; drop table orders', [], given)).toMatchObject({ do: 'refused', code: '1064' });
    }
    expect(await count()).toBe(2500);
  });

  it('F14: lets no parameter become a statement', async () => {
    const drop = ['drop table orders'];
    for (const statement of [
      'execute immediate ?',
      'prepare s from ?',
      'begin not atomic execute immediate ?; end',
      'begin not atomic prepare s from ?; execute s; end',
      'begin not atomic execute/**/immediate ?; end',
      'begin not atomic execute /*! immediate */ ?; end',
      "begin not atomic set @a = '/*'; execute/**/immediate ?; set @a = '*/'; end",
      'set statement max_statement_time = 1 for execute immediate ?',
      'call sys.execute_prepared_stmt(?)',
    ]) {
      expect(await execute(statement, drop), statement).toMatchObject({ do: 'refused' });
    }
    expect(await count()).toBe(2500);
  });

  it('F14: writes nothing by a query, even for a login that may', async () => {
    await execute('create or replace sequence numbers');
    await execute('create or replace procedure wipe() begin commit; delete from orders; commit; end');
    await execute('create or replace function wiped() returns int begin delete from orders; return 1; end');
    for (const statement of [
      'delete from orders',
      'explain delete from orders',
      'analyze delete from orders',
      'create table mine (a int)',
      'truncate orders',
      'select next value for numbers',
      'select wiped()',
      'call wipe()',
      'begin not atomic commit; delete from orders; end',
      '/*! begin not atomic commit; delete from orders; end */',
      '/*M! begin not atomic commit; delete from orders; end */',
      'set statement max_statement_time = 1 for delete from orders',
      'commit',
      'set global max_connections = 7',
      'select 1 from orders for update',
    ]) {
      const reply = await ask(statement, [], asOwner());
      if (!/^explain|for update$/.test(statement)) expect(reply.do, statement).toBe('refused');
    }
    expect(await ask('with one as (select 1) delete from orders', [], asOwner())).toMatchObject({ do: 'refused' });
    expect(await ask('select wiped()', [], asOwner())).toMatchObject({
      code: '1792',
      message: expect.stringContaining('a query may only read'),
    });
    expect(await count()).toBe(2500);
  });

  it('takes a comment in front for one', async () => {
    for (const comment of ['-- orders\n', '# orders\n', '/* orders */ ', '\n(']) {
      const end = comment.endsWith('(') ? ')' : '';
      expect(await ask(`${comment}select 1 as one${end}`), comment).toMatchObject({ rows: [{ one: 1 }] });
    }
  });

  it.each([
    "select 'x' into outfile '/tmp/sluice-test'",
    "select load_file('/etc/passwd')",
    "load data infile '/etc/passwd' into table orders",
    "load data local infile '/etc/passwd' into table orders",
    "/*! select 1 into */ /*! dumpfile '/tmp/sluice-test' */",
  ])('F14: leaves files alone: %s', async (statement) => {
    expect(await execute(statement)).toMatchObject({ do: 'refused', message: expect.stringContaining('files of the') });
  });

  it('writes by an execute and tells how many rows and which id, or that the login may not', async () => {
    expect(await execute('update orders set note = ? where number <= ?', ['seen', 2])).toEqual({
      do: 'done',
      changed: 2,
      rows: [],
      isCut: false,
    });
    await execute(
      'create or replace table counted (id bigint unsigned auto_increment primary key, note text) auto_increment = 9007199254740993',
    );
    expect(await execute('insert into counted (note) values (?)', ['x'])).toMatchObject({
      changed: 1,
      rows: [{ insertId: '9007199254740993' }],
    });
    expect(await execute('insert into counted (note) values (?), (?) returning note', ['y', 'z'])).toMatchObject({
      rows: [{ note: 'y' }, { note: 'z' }],
    });
    expect(await ask('update orders set note = ?', ['seen'], { do: 'execute' })).toMatchObject({
      do: 'refused',
      code: '1142',
      isDenied: true,
    });
  });

  it('carries a change out to its end however many rows of it come in', async () => {
    await execute('create or replace table copies (wide text)');
    const given = asOwner({ do: 'execute', mostRows: 2 });
    const reply = await ask('insert into copies select repeat(note, 100) from orders returning wide', [], given);
    expect(reply.do === 'done' && [reply.rows.length, reply.isCut]).toEqual([2, true]);
    expect(await ask('select count(*) as n from copies')).toMatchObject({ rows: [{ n: '2500' }] });
  });

  it('gives the first rows of a procedure', async () => {
    await execute('create or replace procedure two() begin select 1 as a; select 2 as b; end');
    expect(await execute('call two()')).toMatchObject({ do: 'done', rows: [{ a: 1 }] });
  });

  it('tells of a mistake in the statement by name, and of a value never', async () => {
    expect(await ask('select nonsense from orders')).toMatchObject({ message: expect.stringContaining('nonsense') });
    expect(await ask('select * from nowhere')).toMatchObject({
      code: '1146',
      message: expect.stringContaining('nowhere'),
    });
    const clash = await execute('insert into orders values (1, 1, ?)', ['ada@example.com']);
    expect(clash).toMatchObject({ do: 'refused', code: '1062' });
    const wrong = await execute('insert into orders values (?, 1, ?)', ['secret-text', 'x']);
    expect(wrong).toMatchObject({ do: 'refused', code: '1366', message: expect.stringContaining('does not fit') });
    expect(JSON.stringify([clash, wrong])).not.toMatch(/ada@example|secret-text/);
  });

  it('has the database end a statement that takes too long', async () => {
    for (const does of ['query', 'execute'] as const) {
      expect(await ask('select sleep(20)', [], { do: does, milliseconds: 2000 })).toMatchObject({
        do: 'refused',
        code: '1969',
        message: 'The database answered 1969: it took too long and was ended.',
      });
    }
  });

  it('T2: talks to nobody whose certificate is not proven', async () => {
    const refused = { code: 'egress.certificate', uncertain: false };
    expect(await failure(ask('select 1', [], { ca: [makeCertificate('db.test').cert] }))).toMatchObject(refused);
    expect(await failure(ask('select 1', [], { host: 'other.test' }))).toMatchObject(refused);
    expect(await failure(ask('select 1', [], { host: '127.0.0.1' }))).toMatchObject(refused);
  });

  it('F16: shows the password nowhere when the login is refused, and sends it by no other way', async () => {
    const refused = { kind: 'refused', code: 'egress.login_refused' };
    const refusal = await failure(ask('select 1', [], { secret: `${password}x` }));
    expect(refusal).toMatchObject(refused);
    expect(JSON.stringify(refusal)).not.toContain(password);
    expect(await failure(ask('select 1', [], { database: 'nowhere' }))).toMatchObject(refused);
    expect(await failure(ask('select 1', [], { database: 'mysql' }))).toMatchObject(refused);
  });

  it('says whether a right to write was found for the login', async () => {
    const test = async (given: Given) => {
      const net = { sql: (request: SqlRequest) => ask(request.statement, request.parameters, given) };
      const step = { config: {}, net, idempotencyKey: '', signal: new AbortController().signal };
      // A database's test asks by SQL alone.
      return await connector.base.test?.(step as never);
    };
    const mayWrite = /^Its login may write/;
    const mayNot = /^No right to write was found/;
    expect(await test({})).toMatch(mayNot);
    expect(await test(asOwner())).toMatch(mayWrite);
    for (const right of ['update (note) on shop.orders', 'insert on shop.orders', 'create on shop.*', 'file on *.*']) {
      await execute(`grant ${right} to 'reader'@'%'`);
      expect(await test({}), right).toMatch(mayWrite);
      await execute(`revoke ${right} from 'reader'@'%'`);
    }
    await execute('create role writers');
    await execute("grant writers to 'reader'@'%'");
    expect(await test({})).toMatch(mayWrite);
    await execute("revoke writers from 'reader'@'%'");
    // Who may read all rights is told of others' too.
    await execute("grant select on mysql.* to 'reader'@'%'");
    expect(await test({})).toMatch(mayNot);
    await execute("revoke select on mysql.* from 'reader'@'%'");
    expect(await test({})).toMatch(mayNot);
  });
});
