import type { MailDouble } from '@sluice/shared/connector';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type SMTPServerAddress, SMTPServer } from 'smtp-server';
import { addressOf, type ServedDouble } from './serve-double.js';

/** Mounts a mail server's stand-in over SMTP on loopback, without TLS: only for hosts the operator allows in the clear. */
export async function serveMailDouble(double: MailDouble, port = 0): Promise<ServedDouble> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(auth, _session, done) {
      const isKnown = double.accepts({ username: auth.username ?? '', password: auth.password ?? '' });
      if (isKnown) done(null, { user: auth.username });
      else done(new Error('535 5.7.8 The user name or password is wrong'));
    },
    onData(stream, session, done) {
      const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
      const drop = () => sockets.get(session.remotePort)?.destroy();
      deliver(double, { stream, from, to: session.envelope.rcptTo, drop }).then(
        (response) => done(null, response),
        done,
      );
    },
  });
  // By the caller's port, so that one conversation can be broken off in the middle.
  const sockets = new Map<number | undefined, Socket>();
  server.server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  // A caller that was killed half-way is none of the stand-in's business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `smtp://127.0.0.1:${addressOf(server.server).port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

interface Delivered {
  stream: Readable;
  from: string;
  to: SMTPServerAddress[];
  /** Ends the conversation without a word. */
  drop(): void;
}

/** The server's answer. Throws what a refusal looks like to smtp-server. */
async function deliver(double: MailDouble, { stream, from, to, drop }: Delivered): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString('utf8');
  const receipt = await double.deliver({
    from,
    to: to.map(({ address }) => address),
    subject: header(raw, 'subject'),
    messageId: header(raw, 'message-id'),
    text: raw.slice(raw.indexOf('\r\n\r\n') + 4),
  });
  if (receipt === 'drop') drop();
  if (receipt === 'drop' || receipt === 'hang') return await new Promise(() => undefined);
  if (receipt.accepted.length === 0)
    throw Object.assign(new Error(receipt.response.slice(4)), { responseCode: Number(receipt.response.slice(0, 3)) });
  return receipt.response.replace(/^\d{3} /, '');
}

function header(raw: string, name: string): string {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
}
