import pg from 'pg';
import { guardMessages } from './sql-messages.js';
import type { SqlJob, SqlSession } from './sql-session.js';
import { PostgresStatement } from './sql-statement.js';

/** PostgreSQL, by the extended protocol alone: one statement, its values apart. */
export function postgresSession(job: SqlJob): SqlSession {
  const { socket, request } = job;
  const ssl = { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ...(job.ca && { ca: job.ca }) };
  const connection = new pg.Connection({ stream: () => dialled(socket), ssl });
  connection.once('sslconnect', () => guardMessages(connection.stream));
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
      await client.connect();
    },
    async run() {
      if (request.do === 'query') await client.query('begin transaction read only');
      await job.gate.pass();
      return await client.query(new PostgresStatement(request)).outcome;
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
