import type { Socket } from 'node:net';
import type { SftpReply, SftpRequest } from '@sluice/shared/connector';
import { z } from 'zod';
import type { Credential } from '../credential.js';
import type { Gate } from '../gate.js';
import { broke, type CallEnded, refused, unreachable } from '../refusal.js';
import { dialTrouble } from '../egress/dial.js';
import { Deadline } from './deadline.js';
import { mostBytes, refusalIn, SftpFiles } from './sftp-files.js';
import { sftpPathSchema } from './sftp-paths.js';
import { SshRefused, SshSession } from './ssh-session.js';

const as = z.enum(['text', 'base64']);
const path = sftpPathSchema;
const requestSchema: z.ZodType<SftpRequest> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('list'), path }),
  z.strictObject({ do: z.literal('stat'), path }),
  z.strictObject({ do: z.literal('get'), path, as }),
  z.strictObject({ do: z.literal('put'), path, content: z.string().max(mostBytes * 2), as, replace: z.boolean() }),
  z.strictObject({ do: z.literal('move'), path, to: path, replace: z.boolean() }),
  z.strictObject({ do: z.literal('delete'), path }),
  z.strictObject({ do: z.literal('host-key') }),
]);

/** A connection's settings, as the sftp connector declares them. */
const configSchema = z.object({
  host: z.string(),
  port: z.int().min(1).max(65535),
  directory: z.string(),
  /** The host key's fingerprint; none before somebody approved it. */
  hostKey: z.string().optional(),
});
export type SftpServer = z.output<typeof configSchema>;

/** Throws CallEnded. */
export function readSftpServer(config: unknown): SftpServer {
  const { data } = configSchema.safeParse(config);
  if (data === undefined) throw refused('broker.bad_request', "The connection isn't one for SFTP: it names no server.");
  return data;
}

/** Throws CallEnded. */
export function readSftpRequest(request: unknown): SftpRequest {
  const { data, error } = requestSchema.safeParse(request);
  if (data?.do === 'put' && data.as === 'base64' && !isBase64(data.content))
    throw refused('broker.bad_request', "The content isn't base64: encode the file's bytes, or send it as text.");
  if (data !== undefined) return data;
  const where = error.issues[0]?.path.join('.') ?? '';
  throw refused(
    'broker.bad_request',
    `The ${where === '' ? 'request' : where} can't be sent as it is: a path begins with / and holds no .., backslash or control character.`,
  );
}

/** Node leaves out what it does not know, so that another file would be written. Lines may be broken, as mail breaks them. */
function isBase64(content: string): boolean {
  const digits = content.replace(/\s+/g, '');
  return digits.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(digits.replace(/={1,2}$/, ''));
}

/** What of a grant each deed is, in the words of calls: a method and each path that it touches. */
export function callsOf(request: SftpRequest): { method: string; pathname: string }[] {
  switch (request.do) {
    case 'host-key':
      return [{ method: 'HOST-KEY', pathname: '/' }];
    case 'move':
      return [request.path, request.to].map((pathname) => ({ method: 'MOVE', pathname }));
    default:
      return [{ method: request.do.toUpperCase(), pathname: request.path }];
  }
}

export interface SftpCall {
  label: string;
  /** Closes the socket, and rejects, once the signal says so. */
  dial: (signal: AbortSignal) => Promise<Socket>;
  server: SftpServer;
  request: SftpRequest;
  auth: Credential;
  /** The key before, while both are good. */
  before: Credential | null;
  /** The same at each attempt of a step. */
  mark: string;
  milliseconds: number;
  gate: Gate;
  signal?: AbortSignal | undefined;
}

/** One deed over a connection of its own. Rejects with CallEnded. */
export async function callSftp(call: SftpCall): Promise<{ reply: SftpReply; bytesReceived: number }> {
  const { label, request, server, auth, before, gate } = call;
  if (auth.kind !== 'sshKey')
    throw refused('broker.bad_secret', 'An SFTP server takes an SSH key: change the connection.');
  if (request.do !== 'host-key' && server.hostKey === undefined) {
    throw refused(
      'egress.host_key',
      `Nobody has approved the host key of ${label} yet: open the connection, compare the key and approve it.`,
    );
  }
  const deadline = new Deadline(call.milliseconds, call.signal);
  let session: SshSession | null = null;
  let wasAsked = false;
  try {
    const socket = await call.dial(deadline.signal);
    const keys = [auth, before].flatMap((one) => (one?.kind === 'sshKey' ? [one.privateKey] : []));
    const login = request.do === 'host-key' ? null : { username: auth.username, keys };
    session = new SshSession(socket, { login, pinned: server.hostKey ?? null, gate });
    const open = session;
    const work = async (): Promise<SftpReply> => {
      if (request.do === 'host-key') {
        const { type, fingerprint } = await open.readHostKey();
        return { do: 'host-key', type, fingerprint };
      }
      const sftp = await open.openSftp();
      await gate.pass();
      wasAsked = true;
      const files = new SftpFiles(sftp, { directory: server.directory, mark: call.mark });
      return await open.orLost(files.carryOut(request).catch(toReply));
    };
    const reply = await deadline.orOver(work());
    return { reply, bytesReceived: socket.bytesRead };
  } catch (error) {
    throw explain(error, { label, wasAsked, isOver: deadline.isOver });
  } finally {
    deadline.clear();
    session?.close();
  }
}

function toReply(error: unknown): SftpReply {
  const refusal = refusalIn(error);
  if (refusal === null) throw error;
  return { do: 'refused', reason: refusal.reason, message: refusal.message };
}

function explain(error: unknown, { label, wasAsked, isOver }: { label: string; wasAsked: boolean; isOver: boolean }) {
  if (error instanceof SshRefused) return refusedBy(error, label);
  if (wasAsked || isOver) {
    const message = isOver ? `${label} did not answer in time.` : `${label} broke off before it answered.`;
    return broke({ code: isOver ? 'egress.timeout' : 'egress.broken_off', message, uncertain: wasAsked }, error);
  }
  return error instanceof Error && error.name === 'CallEnded' ? error : unreachable(label, dialTrouble(error), error);
}

function refusedBy({ trouble, hostKey }: SshRefused, label: string): CallEnded {
  switch (trouble) {
    case 'weak':
      return refused(
        'egress.weak_ssh',
        `${label} offers no SSH that is strong enough (current key exchange, AES-GCM or strict key exchange, SHA-2, RSA of 3072 bits): have it brought up to date.`,
      );
    case 'host-key':
      return refused(
        'egress.host_key',
        `${label} shows another host key than the approved one, ${hostKey?.fingerprint ?? ''}: nothing was sent. Ask who runs it; if the key was changed on purpose, approve the new one on the connection.`,
      );
    case 'login':
      return refused(
        'egress.login_refused',
        `${label} does not accept the connection's user name and key: put the public key into its authorized_keys.`,
      );
  }
}
