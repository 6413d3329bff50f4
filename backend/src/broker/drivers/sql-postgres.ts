import pg from 'pg';
import { type PeerCertificate, whyNotProven } from '../egress/identity.js';
import { guardMessages, postgresFraming } from './sql-messages.js';
import { DatabaseSaid, type Meaning, NoTls, type SqlJob, type SqlSession } from './sql-session.js';
import { PostgresStatement } from './sql-statement.js';

/** PostgreSQL, by the extended protocol alone: one statement, its values apart. */
export function postgresSession(job: SqlJob): SqlSession {
  const { socket, request } = job;
  const ssl = {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    checkServerIdentity: (_name: string, certificate: PeerCertificate) => whyNotProven(job.host, certificate),
    ...(job.ca && { ca: job.ca }),
  };
  const connection = new pg.Connection({ stream: () => dialled(socket), ssl });
  connection.once('sslconnect', () => guardMessages(connection.stream, postgresFraming));
  const settings = {
    connection,
    ssl,
    host: job.host,
    port: job.port,
    database: job.database,
    user: job.username,
    password: job.password,
    statement_timeout: job.statementMs,
    application_name: 'sluice',
    options: '-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex',
    connectionTimeoutMillis: 10_000,
  };
  const client = new pg.Client(settings);
  client.on('error', () => undefined);

  return {
    async open() {
      await client.connect().catch(retell);
    },
    async run() {
      if (request.do === 'query') await client.query('begin transaction read only').catch(retell);
      await job.gate.pass();
      return await client.query(new PostgresStatement(request)).outcome.catch(retell);
    },
    close() {
      socket.destroy();
    },
  };
}

/** The library connects its stream by itself; this one is connected. */
function dialled(socket: SqlJob['socket']): SqlJob['socket'] {
  return Object.assign(socket, {
    connect() {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });
}

/** By SQLSTATE (PostgreSQL documentation, "PostgreSQL Error Codes"); the first that fits. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/^08|^57P/, 'gone'],
  [/^28|^3D/, 'login'],
  [/^57014$/, 'late'],
  [/^25006$|^25000$/, 'writes'],
  [/^23/, 'constraint'],
  [/^42501$/, 'denied'],
  [/^22/, 'value'],
  [/^40/, 'conflict'],
  [/^42/, 'grammar'],
];

/** Throws. A socket's EPIPE has five letters too, so it is the library's word whether it was the database's. */
function retell(error: unknown): never {
  if (error instanceof Error && /does not support SSL/i.test(error.message)) throw new NoTls(error.message);
  if (!(error instanceof pg.DatabaseError) || !/^[0-9A-Z]{5}$/.test(error.code ?? '')) throw error;
  const code = error.code ?? '';
  const meaning = meanings.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
  throw new DatabaseSaid(code, meaning, error.message);
}
