import type {
  FileHandle,
  HttpReply,
  HttpRequest,
  ImapReply,
  ImapRequest,
  MailMessage,
  MailReceipt,
  SftpReply,
  SftpRequest,
  SignReply,
  SignRequest,
  SqlReply,
  SqlRequest,
} from '@sluice/shared/connector';
import type { FileTicket, KeepTicket } from './files/file-ticket.js';

export type { FileTicket, KeepTicket };

// The other half of the broker's face: where secrets go in.
export { Vault } from './vault.js';

/**
 * What one attempt of one step may do, minted when the step is claimed and MACed: useless for anything else.
 * The broker checks it, and the grant behind it, at each use.
 */
export interface Capability {
  workspace: string;
  environment: string;
  /** Null for a connection's own test. */
  flow: string | null;
  version: number | null;
  run: string | null;
  step: string | null;
  attempt: number;
  connection: string;
  connector: string;
  slot: string | null;
  action: string | null;
  /** The grant it stands on; null where the environment asks for none. */
  grant: string | null;
  /** Of the connector that makes the call; empty for a connection's own test. */
  connectorVersion: string;
  scopes: readonly string[];
  /** Input fields that the call carries, `class:field`. */
  fields: readonly string[];
  /** `host` or `host:port`. */
  hosts: readonly string[];
  /** Methods and path templates as declared: `POST /crm/v3/objects/contacts`. */
  call: string;
  /** Fields of the answer that may come in; null: all of it. */
  reply: readonly string[] | null;
  /** Milliseconds since 1970; at most five minutes ahead. */
  deadline: number;
  nonce: string;
  mac: string;
}

/** The claim of a call that no flow makes: a connection's own test, its authorization, a message to members. */
export function claimOfNoFlow(
  of: Pick<Capability, 'workspace' | 'environment' | 'connection' | 'connector' | 'hosts'>,
  { call, deadline, attempt = 1 }: { call: string; deadline: number; attempt?: number },
): Omit<Capability, 'nonce' | 'mac'> {
  return {
    ...of,
    flow: null,
    version: null,
    run: null,
    step: null,
    attempt,
    slot: null,
    action: null,
    grant: null,
    connectorVersion: '',
    scopes: [],
    fields: [],
    call,
    reply: null,
    deadline,
  };
}

export type BrokerRequest =
  | ({ kind: 'http'; request: HttpRequest } & CallFiles)
  | ({ kind: 'mail'; message: MailMessage } & Pick<CallFiles, 'files'>)
  | { kind: 'sftp'; request: SftpRequest }
  | { kind: 'sql'; request: SqlRequest }
  | { kind: 'imap'; request: ImapRequest; keep?: KeepTicket }
  | { kind: 'sign'; request: SignRequest }
  /** To a member, through the installation's own mail server. */
  | { kind: 'notice-mail'; message: MailMessage }
  /** To the workspace's webhook for notices, signed there; `id` is the message's. */
  | { kind: 'notice-call'; id: string; body: string }
  /** A public document, by its address. */
  | { kind: 'document'; url: string }
  | { kind: 'oauth'; request: OAuthRequest };

/** The files that a request names, by id, and the one that its answer may become. */
export interface CallFiles {
  files?: ReadonlyMap<string, FileTicket>;
  keep?: KeepTicket;
}

/**
 * What a member does about the authorization of an OAuth connection; the capability's call says `OAUTH` and the step.
 * `session` binds what begins to what finishes; the broker keeps its hash.
 */
export type OAuthRequest =
  | { step: 'begin'; member: string; session: string; redirectUri: string }
  | {
      step: 'finish';
      member: string;
      session: string /** What the service sent the browser back with. */;
      query: string;
    }
  /** Whether there is a token, or one can be had. */
  | { step: 'check' }
  /** Takes the tokens back at the service (RFC 7009), also of a connection that was revoked here. */
  | { step: 'revoke' };

export type OAuthReply =
  | { step: 'begin'; url: string }
  | { step: 'finish'; granted: string[]; missing: string[] }
  | { step: 'check'; scopes: string[] }
  /** False: there was nothing to take back, or the service has no place for it. */
  | { step: 'revoke'; isRevoked: boolean };

/** What happened, for the audit entry: never a value, never a secret. */
export interface CallRecord {
  host: string;
  method: string;
  path: string;
  status: number | null;
  bytesSent: number;
  bytesReceived: number;
  milliseconds: number;
}

export type BrokerAnswer =
  /** `kept`: the answer's body is that file, and `reply.body` its handle. */
  | { ok: true; kind: 'http'; reply: HttpReply; record: CallRecord; kept?: FileHandle }
  | { ok: true; kind: 'mail'; receipt: MailReceipt; record: CallRecord }
  | { ok: true; kind: 'sftp'; reply: SftpReply; record: CallRecord }
  | { ok: true; kind: 'sql'; reply: SqlReply; record: CallRecord }
  | { ok: true; kind: 'imap'; reply: ImapReply; record: CallRecord }
  | { ok: true; kind: 'sign'; reply: SignReply; record: CallRecord }
  | { ok: true; kind: 'oauth'; reply: OAuthReply; record: CallRecord | null }
  | { ok: false; failure: BrokerFailure; record: CallRecord | null };

/**
 * `refused`: Sluice itself said no (no grant, other host, revoked, private address): nothing was sent.
 * `unavailable`: the service could not be reached or broke off; `uncertain` when bytes had been sent.
 */
export interface BrokerFailure {
  kind: 'refused' | 'unavailable';
  /** Stable: `broker.no_grant`, `broker.host_not_allowed`, `egress.unreachable`, `egress.timeout`, ... */
  code: string;
  /** The same sentence for denied, closed and filtered; holds no address that the caller did not name. */
  message: string;
  uncertain: boolean;
  /** Nothing was sent and nothing is wrong with the call: it may be made again after this. */
  retryAfterSeconds?: number;
  /** Why a host could not be reached. For the audit log alone: a run, a reply or a message never holds it. */
  reason?: RefusalReason;
}

export interface RefusalReason {
  /**
   * The guard's own: `private_address`, `private_name`, `metadata`, `own_address`. The network's: `unknown_name`, `closed`,
   * `silent`, `broken_off`.
   */
  code: string;
  /** `10.1.2.3: Private-Use` */
  detail: string | null;
}

export interface CallBounds {
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds since 1970: what has not left by then is put off (`broker.late`), whatever it waited for. Until then the
   * run is surely the caller's own, whose clock the broker shares. None: up to the capability's deadline.
   */
  startBy?: number | undefined;
  /** An attempt before this one failed: it may be put off so that a service in trouble gets no more of them. */
  isRetry?: boolean | undefined;
}

/** The only way to sockets and secrets. Calls of one event-loop turn travel together. */
export abstract class Broker {
  /** Never rejects: what went wrong is in the answer. */
  abstract call(capability: Capability, request: BrokerRequest, bounds?: CallBounds): Promise<BrokerAnswer>;
  /** Completes and MACs a capability. */
  abstract mint(claim: Omit<Capability, 'nonce' | 'mac'>): Capability;
  /** Whether an unsafe step would start at once, so that few intents are ever left in doubt. */
  abstract hasFreeSlot(): boolean;
}
