import {
  ConnectorError,
  FileBody,
  type FileHandle,
  FormBody,
  type HttpReply,
  type HttpRequest,
  type ImapReply,
  type ImapRequest,
  type MailMessage,
  type MailReceipt,
  type Net,
  type SftpReply,
  type SftpRequest,
  type SignReply,
  type SignRequest,
  type SqlReply,
  type SqlRequest,
} from '@sluice/shared/connector';
import type { Broker, BrokerRequest, CallRecord, Capability, FileTicket, KeepTicket } from '../broker/call.js';
import { CallRefused } from './call-refused.js';
import type { KeyedFile } from './file-row.js';

/** The files of the run that makes the call. */
export interface NetFiles {
  /** Throws CallRefused for a file that isn't the run's. */
  ticket(handle: FileHandle): Promise<FileTicket>;
  /** Null where there is no place for files. */
  keep(when: NonNullable<HttpRequest['keep']>): { keep: KeepTicket; key: KeyedFile['key'] } | null;
}

/** A step's way out: every call goes through the broker with the capability of this one attempt. */
export class BoundNet implements Net {
  /** Every call that was made, in order. */
  readonly records: CallRecord[] = [];
  /** Files that answers became. */
  readonly kept: KeyedFile[] = [];
  /** Whether a service did something, or may have. */
  reached = false;

  constructor(
    private readonly broker: Broker,
    private readonly capability: Capability,
    private readonly signal: AbortSignal,
    /** Until when, by the clock, this process may act for the run; null: no longer. */
    private readonly oursUntil: () => Promise<number | null>,
    private readonly files: NetFiles,
    private readonly isRetry = false,
  ) {}

  async http(request: HttpRequest): Promise<HttpReply> {
    const named = filesOf(request.body);
    const wanted = request.keep === undefined ? null : this.files.keep(request.keep);
    if (request.keep === 'all' && wanted === null) throw new CallRefused('file.no_store', noStore);
    const answer = await this.call({
      kind: 'http',
      request,
      ...(named.length === 0 ? {} : { files: await this.ticketsOf(named) }),
      ...(wanted === null ? {} : { keep: wanted.keep }),
    });
    if (answer.kind !== 'http') throw new Error('The broker answered another kind of request.');
    if (answer.kept !== undefined && wanted !== null) this.kept.push({ handle: answer.kept, key: wanted.key });
    return answer.reply;
  }

  async mail(message: MailMessage): Promise<MailReceipt> {
    const { attachments = [] } = message;
    const files = attachments.length === 0 ? {} : { files: await this.ticketsOf(attachments) };
    const answer = await this.call({ kind: 'mail', message, ...files });
    if (answer.kind !== 'mail') throw new Error('The broker answered another kind of request.');
    return answer.receipt;
  }

  private async ticketsOf(handles: readonly FileHandle[]): Promise<Map<string, FileTicket>> {
    const tickets = new Map<string, FileTicket>();
    for (const handle of handles) tickets.set(handle.file, await this.files.ticket(handle));
    return tickets;
  }

  async sftp(request: SftpRequest): Promise<SftpReply> {
    const answer = await this.call({ kind: 'sftp', request });
    if (answer.kind !== 'sftp') throw new Error('The broker answered another kind of request.');
    return answer.reply;
  }

  async sql(request: SqlRequest): Promise<SqlReply> {
    const answer = await this.call({ kind: 'sql', request });
    if (answer.kind !== 'sql') throw new Error('The broker answered another kind of request.');
    return answer.reply;
  }

  async imap(request: ImapRequest): Promise<ImapReply> {
    const wanted = request.do === 'attachment' ? this.files.keep('all') : null;
    if (request.do === 'attachment' && wanted === null) throw new CallRefused('file.no_store', noStore);
    const answer = await this.call({ kind: 'imap', request, ...(wanted === null ? {} : { keep: wanted.keep }) });
    if (answer.kind !== 'imap') throw new Error('The broker answered another kind of request.');
    const { reply } = answer;
    if (reply.do === 'attachment' && wanted !== null) this.kept.push({ handle: reply.file, key: wanted.key });
    return reply;
  }

  async sign(request: SignRequest): Promise<SignReply> {
    const answer = await this.call({ kind: 'sign', request });
    if (answer.kind !== 'sign') throw new Error('The broker answered another kind of request.');
    return answer.reply;
  }

  private async call(request: BrokerRequest) {
    const startBy = await this.oursUntil();
    if (startBy === null)
      throw new CallRefused('process.lost', 'Another process carries the run by now: nothing was sent.');
    const answer = await this.broker.call(this.capability, request, {
      signal: this.signal,
      startBy,
      isRetry: this.isRetry,
    });
    if (answer.record !== null) this.records.push(answer.record);
    if (answer.ok) {
      this.reached = true;
      return answer;
    }
    const { kind, code, message, uncertain, retryAfterSeconds } = answer.failure;
    if (kind === 'refused') throw new CallRefused(code, message, retryAfterSeconds);
    this.reached ||= uncertain;
    throw new ConnectorError('unavailable', message, { uncertain });
  }
}

const noStore =
  'This installation has no place for files: have SLUICE_BLOB_DIR set to a folder that all of its machines share, or SLUICE_S3_ENDPOINT.';

function filesOf(body: HttpRequest['body']): FileHandle[] {
  if (body instanceof FileBody) return [body.file];
  return body instanceof FormBody ? body.parts.flatMap(({ value }) => (typeof value === 'string' ? [] : [value])) : [];
}
