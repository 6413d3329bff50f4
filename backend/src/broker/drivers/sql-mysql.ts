import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { SqlRequest } from '@sluice/shared/connector';
import mysql from 'mysql2';
import { type PeerCertificate, whyNotProven } from '../egress/identity.js';
import { guardGreeting, guardMessages, mysqlFraming } from './sql-messages.js';
import { retell } from './sql-mysql-errors.js';
import { whyRefused } from './sql-mysql-refusals.js';
import { MysqlRows } from './sql-mysql-rows.js';
import { OtherLogin, type SqlJob, type SqlSession, TooMuchAtOnce } from './sql-session.js';

/** Asked for otherwise, the password would go out as it is. */
const ways = 'caching_sha2_password and mysql_native_password';

/** The parts of the library that it has no words for; its exact version is pinned. */
interface Inside {
  /** It has a certificate once TLS is up. */
  stream: Duplex & { getPeerCertificate(): PeerCertificate };
  config: { password?: string };
  startTLS(onSecure: (error?: Error) => void): void;
}

/** MySQL and MariaDB, by prepared statements alone: one statement, its values apart. */
export function mysqlSession(job: SqlJob): SqlSession {
  const { socket, request } = job;
  const rows = new MysqlRows(request);
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => undefined);
  const connection = mysql.createConnection({
    stream: socket,
    host: job.host,
    port: job.port,
    user: job.username,
    database: job.database,
    charset: 'UTF8MB4_UNICODE_CI',
    ssl: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(job.ca && { ca: job.ca }) },
    // No file of this machine is ever sent, and functions are called as the reference writes them.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE'],
    authPlugins: { sha256_password: refuseWay, mysql_clear_password: refuseWay },
    connectAttributes: { program_name: 'sluice' },
    connectTimeout: 10_000,
    // Rows are read by code that is there, never by code that is made of a server's words.
    disableEval: true,
    trace: false,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    typeCast: rows.cast,
  });
  connection.on('error', (error) => end.reject(error));
  // Numbered wrongly: thrown, since the library would only write it to the console, and go on.
  connection.on('warn', (error: Error) => {
    throw error;
  });
  guardGreeting(socket, mysqlFraming);
  let isSecure = false;
  const greeting = new Promise<Greeting>((resolve) => connection.once('connect', resolve));

  // The library's types leave these out. It would send the password as soon as TLS is up.
  const inside = connection as unknown as Inside;
  const startTls = inside.startTLS.bind(connection);
  inside.startTLS = (onSecure) => {
    startTls((error) => void proceed(error).then(() => onSecure(), end.reject));
    guardMessages(inside.stream, mysqlFraming);
  };
  async function proceed(error?: Error): Promise<void> {
    if (error !== undefined) throw error;
    const wrong = whyNotProven(job.host, inside.stream.getPeerCertificate());
    if (wrong !== undefined) throw wrong;
    isSecure = true;
    inside.config.password = await job.password();
  }

  /** The work, unless the connection ends before. */
  async function heard<Result>(work: Promise<Result>): Promise<Result> {
    return await Promise.race([work, end.promise]).catch((error: unknown) => retell(error, { isSecure, ways }));
  }
  function order(statement: string): Promise<void> {
    return heard(
      new Promise((resolve, reject) => {
        connection.query(statement, (error) => (error === null ? resolve() : reject(error)));
      }),
    );
  }
  function prepare(): Promise<Prepared> {
    return new Promise((resolve, reject) => {
      connection.prepare(request.statement, (error, prepared) => {
        // The library's types leave `parameters` out.
        if (error === null) resolve(prepared as unknown as Prepared);
        else reject(error);
      });
    });
  }

  return {
    async open() {
      await heard(greeting);
    },
    async run() {
      const why = whyRefused(request);
      // ER_NOT_SUPPORTED_YET
      if (why !== null) return { do: 'refused', code: '1235', message: why, isDenied: false };
      await order(settings(await greeting, job.statementMs));
      if (request.do === 'query') await order('start transaction read only');
      await job.gate.pass();
      const statement = await heard(prepare());
      const { length } = statement.parameters;
      if (length !== request.parameters.length) {
        const message = `The statement has ${length} placeholders and ${request.parameters.length} parameters: give one for each.`;
        // ER_WRONG_ARGUMENTS
        return { do: 'refused', code: '1210', message, isDenied: false };
      }
      await job.gate.pass();
      rows.follow(statement.execute(request.parameters.map(toParameter)));
      return await heard(rows.outcome).catch((error: unknown) => {
        if (!(error instanceof TooMuchAtOnce && request.do === 'query')) throw error;
        return rows.cut();
      });
    },
    close() {
      connection.destroy();
      socket.destroy();
    },
  };
}

interface Greeting {
  serverVersion: string;
}

/** `parameters`: what the server found for placeholders. */
interface Prepared {
  parameters: readonly unknown[];
  execute(values: readonly unknown[]): EventEmitter;
}

const refuseWay = (): never => {
  throw new OtherLogin(ways);
};

/**
 * Both end a read by themselves; MySQL has no such clock for what writes, so that what it waits for is bounded.
 * Unset, `autocommit` may be off, and a change would be lost with its connection.
 */
function settings({ serverVersion }: Greeting, milliseconds: number): string {
  const seconds = Math.max(1, Math.floor(milliseconds / 1000));
  const clock = /mariadb/i.test(serverVersion)
    ? `max_statement_time = ${milliseconds / 1000}`
    : `max_execution_time = ${Math.floor(milliseconds)}`;
  return `set session autocommit = 1, time_zone = '+00:00', ${clock}, lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}`;
}

/** Whole numbers as such: the library would send any number as a DOUBLE, which `limit ?` refuses. */
function toParameter(value: SqlRequest['parameters'][number]): unknown {
  return Number.isSafeInteger(value) ? mysql.TypedParameter.LONGLONG(Number(value)) : value;
}
