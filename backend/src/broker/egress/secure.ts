import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

/** How every TLS of ours is made: a proven name, TLS 1.2 or newer, and no switch. */
export function tlsOptions(host: string, ca: string[] | undefined): ConnectionOptions {
  return {
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    minVersion: 'TLSv1.2',
    // Said outright: left out, NODE_TLS_REJECT_UNAUTHORIZED would decide.
    rejectUnauthorized: true,
  };
}

/** Begins TLS on a socket that was dialled in the clear (STARTTLS). Rejects with the socket's error. */
export function secure(socket: Socket, { host, ca }: { host: string; ca: string[] | undefined }): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = connect({ ...tlsOptions(host, ca), host, socket });
    const fail = (error?: Error) => {
      secured.on('error', () => undefined);
      secured.destroy();
      reject(error ?? new Error('closed while TLS began'));
    };
    const close = () => fail();
    secured.once('error', fail);
    secured.once('close', close);
    secured.once('secureConnect', () => {
      secured.off('error', fail);
      secured.off('close', close);
      resolve(secured);
    });
  });
}
