import type { SqlReply, SqlRequest } from '@sluice/shared/connector';
import { z } from 'zod';
import type { Credential } from '../credential.js';
import { dial, dialTrouble, isCertificateError, type Route } from '../egress/dial.js';
import type { Gate } from '../gate.js';
import { broke, refused, unreachable } from '../refusal.js';
import { Deadline } from './deadline.js';
import { mysqlSession } from './sql-mysql.js';
import { postgresSession } from './sql-postgres.js';
import {
  DatabaseSaid,
  type Meaning,
  mostRowBytes,
  NoTls,
  OtherLogin,
  type SqlJob,
  type SqlSession,
  TooMuchAtOnce,
} from './sql-session.js';

const requestSchema: z.ZodType<SqlRequest> = z.strictObject({
  do: z.enum(['query', 'execute']),
  statement: z.string().min(1).max(100_000),
  parameters: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).max(1000),
  mostRows: z.int().min(0).max(10_000),
});

/** A connection's settings, as the database connectors declare them. */
const configSchema = z.object({ host: z.string(), port: z.int().min(1).max(65535), database: z.string() });
export type SqlServer = z.output<typeof configSchema>;

/** Throws CallEnded. */
export function readSqlServer(config: unknown): SqlServer {
  const { data } = configSchema.safeParse(config);
  if (data === undefined) throw refused('broker.bad_request', "The connection isn't one for a database.");
  return data;
}

/** Throws CallEnded. */
export function readSqlRequest(request: unknown): SqlRequest {
  const { data } = requestSchema.safeParse(request);
  if (data !== undefined) return data;
  throw refused(
    'broker.bad_request',
    "The statement can't be sent as it is: it is text of up to 100,000 characters with up to 1,000 parameters, each text, a number, true, false or null.",
  );
}

/** By connector. */
const engines: Readonly<Record<string, (job: SqlJob) => SqlSession>> = {
  postgresql: postgresSession,
  mysql: mysqlSession,
};

export interface SqlCall {
  connector: string;
  label: string;
  route: Route;
  ca: string[] | undefined;
  server: SqlServer;
  request: SqlRequest;
  auth: Credential;
  milliseconds: number;
  gate: Gate;
  signal?: AbortSignal | undefined;
}

/** One statement over a connection of its own. Rejects with CallEnded. */
export async function callSql(call: SqlCall): Promise<{ reply: SqlReply; bytesReceived: number }> {
  const { label, route, request, auth, server, ca, gate } = call;
  const openSession = Object.hasOwn(engines, call.connector) ? engines[call.connector] : undefined;
  if (openSession === undefined) throw refused('broker.bad_request', "The connection isn't one for a database.");
  if (auth.kind !== 'basic')
    throw refused('broker.bad_secret', 'A database takes a user name and password: change the connection.');
  const deadline = new Deadline(call.milliseconds, call.signal);
  let session: SqlSession | null = null;
  let wasAsked = false;
  try {
    const socket = await dial({ ...route, isTls: false }, { signal: deadline.signal });
    const { username } = auth;
    const password = async () => {
      await gate.pass();
      return auth.password;
    };
    const { database, port } = server;
    // The database itself ends a statement before we would have to leave it behind.
    const statementMs = Math.max(500, call.milliseconds - 1000);
    session = openSession({
      socket,
      host: route.host,
      port,
      database,
      username,
      password,
      ca,
      request,
      statementMs,
      gate,
    });
    await deadline.orOver(session.open());
    wasAsked = true;
    const reply = await deadline.orOver(session.run()).catch(toReply);
    return { reply, bytesReceived: socket.bytesRead };
  } catch (error) {
    throw explain(error, {
      label,
      isOver: deadline.isOver,
      uncertain: wasAsked && request.do === 'execute',
    });
  } finally {
    deadline.clear();
    session?.close();
  }
}

const sentences: Partial<Record<Meaning, string>> = {
  late: 'it took too long and was ended',
  writes: 'it would write, and a query may only read: use Execute for it',
  constraint: 'a constraint of the database forbids it',
  denied: 'the login of this connection may not do that',
  value: 'a parameter does not fit its column',
  conflict: 'it met another transaction: it may be tried again',
};

/** Throws on what isn't the database's word. Its own words may hold values; those about the statement's grammar and names don't, and help. */
export function toReply(error: unknown): SqlReply {
  if (!(error instanceof DatabaseSaid) || error.meaning === 'gone') throw error;
  const { code, meaning } = error;
  const words = meaning === 'grammar' ? error.message.slice(0, 300) : 'it refused the statement';
  const message = `The database answered ${code}: ${sentences[meaning] ?? words}.`;
  return { do: 'refused', code, message, isDenied: meaning === 'denied' };
}

function explain(
  error: unknown,
  { label, isOver, uncertain }: { label: string; isOver: boolean; uncertain: boolean },
): unknown {
  if (error instanceof Error && error.name === 'CallEnded') return error;
  if (isOver) return broke({ code: 'egress.timeout', message: `${label} did not answer in time.`, uncertain }, error);
  if (error instanceof TooMuchAtOnce) {
    const message = `${label} sent a row of more than ${mostRowBytes / 1024 ** 2} MiB, which is the most that is read: ask for less at a time.`;
    return broke({ code: 'egress.too_large', message, uncertain }, error);
  }
  if (error instanceof OtherLogin)
    return refused(
      'egress.login_refused',
      `${label} asks to sign in by another way than ${error.ways}: change its login.`,
    );
  // What a database says of a statement is an answer: here it was one to the login.
  if (error instanceof DatabaseSaid && /^(?:login|denied|grammar)$/.test(error.meaning)) {
    const message = `${label} does not accept the connection's user name and password for this database: enter them again.`;
    return refused('egress.login_refused', message);
  }
  if (isCertificateError(error) || error instanceof NoTls) {
    const message = `${label} offers no TLS 1.2 or newer with a certificate that proves its name: have it set up, or correct the host.`;
    return broke({ code: 'egress.certificate', message, uncertain: false }, error);
  }
  if (uncertain) {
    const message = `${label} broke off before it answered: the statement may have been carried out.`;
    return broke({ code: 'egress.broken_off', message, uncertain }, error);
  }
  return unreachable(label, dialTrouble(error), error);
}
