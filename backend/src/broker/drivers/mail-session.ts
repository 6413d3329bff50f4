import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Gate } from '../gate.js';
import type { OutgoingMail } from './mail-message.js';
import { type Login, type TokenMechanism, tokenRefusalHeard, tokenResponse } from './sasl.js';

export interface MailSessionOptions {
  socket: Socket;
  host: string;
  /** The socket is TLS already; else STARTTLS is demanded, unless `isCleartext`. */
  isTls: boolean;
  isCleartext: boolean;
  ca?: string[] | undefined;
  login: Login | null;
  /** Asked before the login, the mail's addresses and the mail itself. */
  gate: Gate;
}

/** The server's own words when it said no; `stage` is what it said no to. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  readonly stage: 'greeting' | 'login' | 'tokens' | 'mail';
  readonly status: number;
  readonly response: string;

  constructor(stage: MailRefused['stage'], status: number, response: string) {
    super('The mail server said no');
    this.stage = stage;
    this.status = status;
    this.response = response;
  }
}

export interface MailResult {
  accepted: readonly string[];
  rejected: readonly string[];
  response: string;
}

/** One mail over one socket. `wasHandedOver` turns true when the last byte of the mail was written. */
export class MailSession {
  wasHandedOver = false;
  readonly #connection: SMTPConnection;
  readonly #login: MailSessionOptions['login'];
  readonly #isCleartext: boolean;
  readonly #gate: Gate;

  constructor({ socket, host, isTls, isCleartext, ca, login, gate }: MailSessionOptions) {
    this.#gate = gate;
    this.#login = login;
    this.#isCleartext = isCleartext;
    this.#connection = new SMTPConnection({
      connection: socket,
      host,
      port: socket.remotePort,
      secure: isTls,
      secured: isTls,
      requireTLS: !isTls && !isCleartext,
      ignoreTLS: isCleartext,
      // Not this machine's name.
      name: '[127.0.0.1]',
      logger: false,
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 5 * 60_000,
      ...(login !== null && 'token' in login ? { customAuth: { [byToken]: (auth) => showToken(auth, login) } } : {}),
    });
  }

  /** Rejects with MailRefused, or with the error that ended the connection. */
  async deliver(mail: OutgoingMail): Promise<MailResult> {
    const lost = new Promise<never>((_resolve, reject) => {
      this.#connection.on('error', reject);
      // After a 421 (RFC 5321, 4.2) it ends in the same turn in which it gives the answer: the answer tells more.
      this.#connection.on('end', () => setImmediate(() => reject(new Error('closed'))));
    });
    // It may end after we have our answer.
    lost.catch(() => undefined);
    await Promise.race([this.#open(), lost]);
    return await Promise.race([this.#send(mail), lost]);
  }

  close(): void {
    this.#connection.close();
  }

  async #open(): Promise<void> {
    await this.#step('greeting', (done) => this.#connection.connect(done));
    const login = this.#login;
    if (login === null) return;
    // Cleartext was allowed by the operator for this host; a server that drops TLS by itself was not.
    if (!this.#connection.secure && !this.#isCleartext) throw new Error('not encrypted');
    await this.#gate.pass();
    const { username: user } = login;
    const credentials =
      'token' in login ? { type: 'custom' as const, method: byToken, user, pass: '' } : { user, pass: login.password };
    await this.#step('login', (done) => this.#connection.login(credentials, done));
  }

  async #send(mail: OutgoingMail): Promise<MailResult> {
    await this.#gate.pass();
    // Read only after the server asked for it (354). Until its end the server has no whole mail to deliver.
    const content = Readable.from(this.#content(mail));
    content.once('end', () => {
      this.wasHandedOver = true;
    });
    return await new Promise((resolve, reject) => {
      this.#connection.send({ from: mail.from, to: [...mail.to], size: mail.raw.length }, content, (error, info) => {
        if (error !== null) reject(refusalIn(error, 'mail') ?? error);
        else if (info !== undefined)
          resolve({ accepted: info.accepted, rejected: info.rejected, response: info.response });
        else reject(new Error('no answer'));
      });
    });
  }

  async *#content({ raw }: OutgoingMail): AsyncGenerator<Buffer> {
    await this.#gate.pass();
    yield raw;
  }

  #step(stage: MailRefused['stage'], run: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(refusalIn(error, stage) ?? error);
      // During the greeting the connection reports failures as events only.
      this.#connection.once('error', fail);
      run((error) => {
        this.#connection.off('error', fail);
        if (error === undefined || error === null) resolve();
        else fail(error);
      });
    });
  }
}

/** A way to log in of our own: the library's XOAUTH2 asks for tokens by itself, and it knows no OAUTHBEARER. */
const byToken = 'TOKEN';

/** Which mechanisms but XOAUTH2 a server offers the library doesn't tell: one that doesn't know OAUTHBEARER says so. */
async function showToken(
  { authMethods, sendCommand }: SMTPConnection.CustomAuthenticationContext,
  login: Login & { token: string },
): Promise<void> {
  const mechanism: TokenMechanism = authMethods.includes('XOAUTH2') ? 'XOAUTH2' : 'OAUTHBEARER';
  let reply = await sendCommand(`AUTH ${mechanism} ${tokenResponse(mechanism, login)}`);
  if (reply.status === 334) reply = await sendCommand(tokenRefusalHeard[mechanism]);
  const { status, response } = reply;
  // RFC 4954, 4 and RFC 5321, 4.2.3: it knows no such command or mechanism.
  const isUnknown = status >= 500 && status <= 504 && status !== 501;
  if (status !== 235) throw new MailRefused(isUnknown ? 'tokens' : 'login', status, response);
}

function refusalIn(error: Error, stage: MailRefused['stage']): MailRefused | null {
  if (error instanceof MailRefused) return error;
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  const response = 'response' in error && typeof error.response === 'string' ? error.response : '';
  return status === null ? null : new MailRefused(stage, status, response);
}
