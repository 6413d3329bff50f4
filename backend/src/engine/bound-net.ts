import {
  ConnectorError,
  type HttpReply,
  type HttpRequest,
  type MailMessage,
  type MailReceipt,
  type Net,
} from '@sluice/shared/connector';
import type { Broker, BrokerRequest, CallRecord, Capability } from '../broker/call.js';

/** Sluice itself refused a call: no grant, another host, a revoked connection. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';

  constructor(
    readonly code: string,
    message: string,
    /** Put off rather than refused: it may be made again after this. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** A step's way out: every call goes through the broker with the capability of this one attempt. */
export class BoundNet implements Net {
  /** Every call that was made, in order. */
  readonly records: CallRecord[] = [];
  /** Whether a service did something, or may have. */
  reached = false;

  constructor(
    private readonly broker: Broker,
    private readonly capability: Capability,
    private readonly signal: AbortSignal,
    /** Whether this process may still act for the run. */
    private readonly isOurs: () => Promise<boolean>,
  ) {}

  async http(request: HttpRequest): Promise<HttpReply> {
    const answer = await this.call({ kind: 'http', request });
    if (answer.kind !== 'http') throw new Error('The broker answered another kind of request.');
    return answer.reply;
  }

  async mail(message: MailMessage): Promise<MailReceipt> {
    const answer = await this.call({ kind: 'mail', message });
    if (answer.kind !== 'mail') throw new Error('The broker answered another kind of request.');
    return answer.receipt;
  }

  private async call(request: BrokerRequest) {
    if (!(await this.isOurs()))
      throw new CallRefused('process.lost', 'Another process carries the run by now: nothing was sent.');
    const answer = await this.broker.call(this.capability, request, this.signal);
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
