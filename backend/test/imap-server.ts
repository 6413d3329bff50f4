import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { TestCertificate } from './certificate.js';

/** What a client said, its literals put in, and how it was said. */
export interface ImapCommand {
  tag: string;
  /** `UID FETCH 1 (UID)` */
  words: string;
  isSecure: boolean;
}

export interface ImapScript {
  certificate: TestCertificate;
  tls?: 'required' | 'starttls' | 'none';
  /** `''`: silence. */
  greeting?: string;
  capabilities?: string;
  password?: string;
  /** Access token that lets `reader` in. */
  token?: string;
  /** The answer to a command: whole responses, `TAG` for its tag. Null: the usual one. `''`: silence. */
  answer?: (command: ImapCommand) => string | null;
}

export interface ImapTestServer {
  port: number;
  /** Every command, as it was said. */
  heard: readonly ImapCommand[];
  sockets: readonly Socket[];
  close(): Promise<void>;
}

const crlf = '\r\n';

/** A literal of a response. */
export function literal(text: string): string {
  return `{${Buffer.byteLength(text, 'latin1')}}${crlf}${text}`;
}

/** A server that says what a test has it say, in bytes as Latin-1, and takes one user's password. */
export async function startImapServer(script: ImapScript): Promise<ImapTestServer> {
  const { certificate, tls = 'required', capabilities = 'IMAP4rev1 AUTH=PLAIN SASL-IR MOVE' } = script;
  const heard: ImapCommand[] = [];
  const sockets: Socket[] = [];

  function secured(socket: Socket): TLSSocket {
    return new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) });
  }

  function usual({ words, isSecure }: ImapCommand): string {
    const [verb = '', what = ''] = words.toUpperCase().split(' ');
    if (verb === 'CAPABILITY') {
      const starttls = tls === 'starttls' && !isSecure ? ' STARTTLS LOGINDISABLED' : '';
      return `* CAPABILITY ${capabilities}${starttls}${crlf}TAG OK done`;
    }
    if (verb === 'STARTTLS') return tls === 'starttls' && !isSecure ? 'TAG OK begin' : 'TAG BAD not here';
    if (verb === 'AUTHENTICATE' || verb === 'LOGIN') return logIn(words);
    if (verb === 'EXAMINE' || verb === 'SELECT') {
      const state = ['* 2 EXISTS', '* OK [UIDVALIDITY 4] so numbered', '* OK [UIDNEXT 8] the next'];
      return [...state, `TAG OK [READ-${verb === 'SELECT' ? 'WRITE' : 'ONLY'}] open`].join(crlf);
    }
    if (verb === 'UID' && what === 'SEARCH') return `* SEARCH 7${crlf}TAG OK found`;
    return 'TAG OK done';
  }

  /** Whether a login by XOAUTH2 or OAUTHBEARER shows the token; null: it is another login. */
  function showsToken(words: string): boolean | null {
    const [, mechanism, said = ''] = /^AUTHENTICATE (XOAUTH2|OAUTHBEARER) (.*)$/.exec(words) ?? [];
    if (mechanism === undefined) return null;
    const whose = mechanism === 'XOAUTH2' ? 'user=reader' : 'n,a=reader,';
    return Buffer.from(said, 'base64').toString() === `${whose}\x01auth=Bearer ${script.token}\x01\x01`;
  }

  function logIn(words: string): string {
    const isToken = showsToken(words);
    // RFC 7628, 3.2.3: why it is refused comes first, and has to be heard out.
    if (isToken !== null)
      return isToken ? 'TAG OK in' : `+ ${Buffer.from('{"status":"invalid_token"}').toString('base64')}`;
    const given = /^LOGIN "[^"]*" "([^"]*)"$/.exec(words)?.[1];
    const plain =
      given ??
      Buffer.from(words.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0')[2];
    return plain === (script.password ?? 'open sesame') ? 'TAG OK in' : `TAG NO [AUTHENTICATIONFAILED] not ${plain}`;
  }

  function serve(socket: Socket, isSecure: boolean): void {
    sockets.push(socket);
    socket.on('error', () => undefined);
    let held = '';
    let words = '';
    let missing = 0;
    /** The tag of a login whose refusal is to be heard out. */
    let refused = '';
    socket.on('data', take);

    function take(chunk: Buffer): void {
      held += chunk.toString('latin1');
      for (;;) {
        if (missing > 0 && held.length < missing) return;
        words += held.slice(0, missing);
        held = held.slice(missing);
        missing = 0;
        const end = held.indexOf(crlf);
        if (end === -1) return;
        const line = held.slice(0, end);
        held = held.slice(end + 2);
        const size = /\{(\d+)\}$/.exec(line);
        words += size === null ? line : line.slice(0, size.index);
        if (size !== null) {
          missing = Number(size[1]);
          socket.write(`+ go on${crlf}`);
          continue;
        }
        if (refused !== '') {
          heard.push({ tag: refused, words: `refused, and said ${JSON.stringify(words)}`, isSecure });
          socket.write(`${refused} NO [AUTHENTICATIONFAILED] no${crlf}`);
          refused = '';
          words = '';
          continue;
        }
        if (/^\S+ AUTHENTICATE \S+$/.test(words)) {
          words += ' ';
          socket.write(`+ ${crlf}`);
          continue;
        }
        carryOut(words);
        words = '';
      }
    }

    function carryOut(said: string): void {
      const [tag = ''] = said.split(' ', 1);
      const command = { tag, words: said.slice(tag.length + 1), isSecure };
      heard.push(command);
      const answer = script.answer?.(command) ?? usual(command);
      if (answer === '') return;
      if (answer.startsWith('+ ')) refused = tag;
      socket.write(Buffer.from(`${answer.replaceAll('TAG', tag)}${crlf}`, 'latin1'));
      if (command.words !== 'STARTTLS' || !answer.startsWith('TAG OK')) return;
      socket.off('data', take);
      serve(secured(socket), true);
    }
  }

  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const first = tls === 'required' ? secured(socket) : socket;
    serve(first, tls === 'required');
    if (script.greeting !== '') first.write(`${script.greeting ?? '* OK ready'}${crlf}`);
  });
  return { port: await listen(server), heard, sockets, close: () => close(server, sockets) };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return (address satisfies AddressInfo).port;
}

async function close(server: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}
