import type { Socket } from 'node:net';
import { secure } from '../egress/secure.js';
import type { Gate } from '../gate.js';
import { ImapGarbled, ImapReader, type ImapResponse } from './imap-reader.js';
import { quote } from './imap-words.js';
import { type Login, tokenMechanisms, tokenRefusalHeard, tokenResponse } from './sasl.js';

/** What the server did to a connection's login, or to TLS. */
export class ImapRefused extends Error {
  override readonly name = 'ImapRefused';
  readonly stage: 'greeting' | 'tls' | 'login' | 'no-tokens' | 'busy' | 'fetch';

  constructor(stage: ImapRefused['stage'], cause?: unknown) {
    super('The IMAP server said no', { cause });
    this.stage = stage;
  }
}

/** What a command came to, and the responses before that. */
export interface ImapOutcome {
  status: 'OK' | 'NO' | 'BAD';
  /** `UIDVALIDITY 4`, of its brackets; '' for none. */
  code: string;
  /** The server's words. */
  words: string;
  responses: readonly ImapResponse[];
}

export interface ImapSessionOptions {
  host: string;
  ca: string[] | undefined;
  /** `none` is for stand-ins alone. */
  tls: 'required' | 'starttls' | 'none';
  login: Login;
  gate: Gate;
}

interface Exchange {
  mechanism: string;
  /** In base64. */
  secret: string;
  heard: string | null;
  /** Whether it may go with the command (SASL-IR, RFC 4959). */
  isAtOnce: boolean;
}

/** What a command takes literally: text of any characters, sent in UTF-8. */
export interface Text {
  text: string;
}

/** One conversation with an IMAP server (RFC 9051; RFC 3501) over a socket that was dialled in the clear. */
export class ImapSession {
  #socket: Socket;
  #reader: ImapReader;
  #tags = 0;

  readonly #most: number;

  /** `most`: bytes that may come in. */
  constructor(socket: Socket, most: number) {
    this.#socket = socket;
    this.#most = most;
    this.#reader = new ImapReader(socket, { most });
  }

  get bytesReceived(): number {
    return this.#reader.bytes;
  }

  /** TLS, the greeting and the login. Rejects with ImapRefused, or with what ended the connection. */
  async open({ host, ca, tls, login, gate }: ImapSessionOptions): Promise<void> {
    if (tls === 'required') await this.#secure(host, ca);
    const greeting = await this.#reader.next();
    // A server that has let somebody in before TLS may be another than the one that TLS would prove.
    if (!/^\* OK\b/i.test(greeting.text)) throw new ImapRefused('greeting');
    if (tls === 'starttls') {
      const { status } = await this.command('STARTTLS');
      if (status !== 'OK') throw new ImapRefused('tls');
      await this.#secure(host, ca);
    }
    const offers = await this.listCapabilities();
    // One of IMAP4rev2 alone answers a search in other words (RFC 9051, 7.3.4), which would look like nothing found.
    if (!offers.has('IMAP4REV1')) throw new ImapGarbled('another version of IMAP');
    await gate.pass();
    const { status, code } = await this.#logIn(offers, login);
    if (status === 'OK') return;
    // RFC 5530: of these the user name and password are not to blame.
    throw new ImapRefused(/^(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\b/i.test(code) ? 'busy' : 'login');
  }

  async listCapabilities(): Promise<ReadonlySet<string>> {
    const { responses } = await this.command('CAPABILITY');
    const lines = responses.flatMap(({ text }) => /^\* CAPABILITY (.*)$/i.exec(text.slice(0, mostOffers))?.[1] ?? []);
    return new Set(lines.join(' ').toUpperCase().split(/\s+/));
  }

  /** Sends one command and hears it out. Rejects with what ended the connection. */
  async command(...words: readonly (string | Text)[]): Promise<ImapOutcome> {
    this.#tags += 1;
    const tag = `S${this.#tags}`;
    const responses: ImapResponse[] = [];
    let line = tag;
    for (const word of words) {
      const plain = typeof word === 'string' ? word : quote(word.text);
      if (plain !== null) {
        line += ` ${plain}`;
        continue;
      }
      const bytes = Buffer.from(typeof word === 'string' ? word : word.text);
      this.#socket.write(`${line} {${bytes.length}}\r\n`);
      const early = await this.#hear(tag, responses);
      if (early !== 'go-on') return early;
      this.#socket.write(bytes);
      line = '';
    }
    this.#socket.write(`${line}\r\n`);
    const outcome = await this.#hear(tag, responses);
    if (outcome === 'go-on') throw new ImapGarbled('a request for more that nobody announced');
    return outcome;
  }

  /** Says goodbye to nobody: what was asked for was answered. */
  close(): void {
    this.#socket.destroy();
  }

  async #logIn(offers: ReadonlySet<string>, login: Login): Promise<ImapOutcome> {
    const isAtOnce = offers.has('SASL-IR');
    if ('token' in login) {
      const mechanism = tokenMechanisms.find((name) => offers.has(`AUTH=${name}`));
      if (mechanism === undefined) throw new ImapRefused('no-tokens');
      const [secret, heard] = [tokenResponse(mechanism, login), tokenRefusalHeard[mechanism]];
      return await this.#authenticate({ mechanism, secret, heard, isAtOnce });
    }
    const { username, password } = login;
    if (!offers.has('AUTH=PLAIN') && !offers.has('LOGINDISABLED'))
      return await this.command('LOGIN', { text: username }, { text: password });
    const secret = Buffer.from(`\0${username}\0${password}`).toString('base64');
    return await this.#authenticate({ mechanism: 'PLAIN', secret, heard: null, isAtOnce });
  }

  /** RFC 9051, 6.2.2; `heard`: what a server that says more before it refuses is answered, null: nothing may be asked. */
  async #authenticate({ mechanism, secret, heard, isAtOnce }: Exchange): Promise<ImapOutcome> {
    this.#tags += 1;
    const tag = `S${this.#tags}`;
    const responses: ImapResponse[] = [];
    this.#socket.write(`${tag} AUTHENTICATE ${mechanism}${isAtOnce ? ` ${secret}` : ''}\r\n`);
    for (const line of [...(isAtOnce ? [] : [secret]), ...(heard === null ? [] : [heard])]) {
      const outcome = await this.#hear(tag, responses);
      if (outcome !== 'go-on') return outcome;
      this.#socket.write(`${line}\r\n`);
    }
    const outcome = await this.#hear(tag, responses);
    if (outcome === 'go-on') throw new ImapGarbled('a question after the login');
    return outcome;
  }

  async #hear(tag: string, responses: ImapResponse[]): Promise<ImapOutcome | 'go-on'> {
    for (;;) {
      const response = await this.#reader.next();
      const { text } = response;
      if (text.startsWith('+')) return 'go-on';
      if (/^\* BYE\b/i.test(text)) throw new Error('the server ended the conversation');
      if (text.startsWith('* ')) {
        responses.push(response);
        if (responses.length > mostResponses) throw new ImapGarbled('more responses than a command has');
        continue;
      }
      const [, said, status = '', code = '', words = ''] =
        /^(\S+) (OK|NO|BAD)\b ?(?:\[([^\]]*)\] ?)?(.*)$/i.exec(text) ?? [];
      if (said !== tag) throw new ImapGarbled('an answer to no question');
      const upper = status.toUpperCase();
      return { status: upper === 'OK' || upper === 'NO' ? upper : 'BAD', code, words, responses };
    }
  }

  async #secure(host: string, ca: string[] | undefined): Promise<void> {
    const { bytes } = this.#reader;
    this.#reader.release();
    try {
      this.#socket = await secure(this.#socket, { host, ca });
    } catch (error) {
      throw new ImapRefused('tls', error);
    }
    this.#reader = new ImapReader(this.#socket, { most: this.#most, bytes });
  }
}

const mostResponses = 20_000;
const mostOffers = 10_000;
