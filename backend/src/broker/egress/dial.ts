import { isIP, type LookupFunction, connect as connectPlain, type Socket } from 'node:net';
import { rootCertificates, connect as connectTls } from 'node:tls';
import type { RefusalReason } from '../call.js';
import { canonicalAddress } from './address-class.js';
import { tlsOptions } from './secure.js';

/** Where a socket goes: the checked addresses, and the name that the certificate must bear. */
export interface Route {
  host: string;
  port: number;
  isTls: boolean;
  addresses: readonly string[];
}

/** Until the socket is open. An answer that a host can't be reached takes as long, whatever the matter was. */
export const connectMilliseconds = 5000;
/** Until TLS is up as well. */
const secureMilliseconds = 10_000;

/** Certificates trusted beside the well-known ones, in PEM. */
export function trusted(extra: readonly string[] | undefined): string[] | undefined {
  return extra === undefined || extra.length === 0 ? undefined : [...rootCertificates, ...extra];
}

/** Opens a socket to one of the route's addresses; names are never looked up here. Rejects with the socket's error. */
export function dial(
  route: Route,
  options: { ca?: string[] | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Socket> {
  const { host, port, isTls, addresses } = route;
  const common = {
    host,
    port,
    lookup: answerWith(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 1000,
    noDelay: true,
    keepAlive: true,
  };
  return new Promise((resolve, reject) => {
    const socket = isTls
      ? connectTls({ ...common, ...tlsOptions(host, options.ca), ALPNProtocols: ['http/1.1'] })
      : connectPlain(common);
    const giveUp = () => socket.destroy(new TooSlow('connect timed out'));
    const timer = setTimeout(giveUp, isTls ? secureMilliseconds : connectMilliseconds);
    const opening = setTimeout(giveUp, connectMilliseconds);
    socket.once('connect', () => clearTimeout(opening));
    const abort = () => socket.destroy(new Error('aborted'));
    options.signal?.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(opening);
      options.signal?.removeEventListener('abort', abort);
      socket.off('error', fail);
      socket.off('close', fail);
    };
    const fail = (error?: unknown) => {
      settle();
      // A socket that is being torn down may report more than once.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error instanceof Error ? error : new Error('closed while connecting'));
    };
    socket.once('error', fail);
    socket.once('close', fail);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      const peer = canonicalAddress(socket.remoteAddress ?? '');
      if (peer === null || !addresses.some((address) => canonicalAddress(address) === peer)) {
        fail(new Error('connected to an address that was not checked'));
        return;
      }
      settle();
      resolve(socket);
    });
    if (options.signal?.aborted === true) abort();
  });
}

/** A look-up that knows its answer: the checked addresses, whatever is asked. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else if (first === undefined) callback(new Error('no address'), '');
    else callback(null, first.address, first.family);
  };
}

class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Why no socket came about, for the log. */
export function dialTrouble(error: unknown): RefusalReason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return { code: 'closed', detail: null };
  if (code === 'ETIMEDOUT' || error instanceof TooSlow) return { code: 'silent', detail: null };
  return { code: 'broken_off', detail: code === '' ? null : code };
}

const certificateCodes =
  /^(?:ERR_TLS_CERT|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|ERR_SSL_WRONG_VERSION|ERR_SSL_UNSUPPORTED_PROTOCOL|ERR_SSL_TLSV1_ALERT_PROTOCOL)/;

/** Whether a connection failed for the certificate's sake. nodemailer keeps the socket's code as `originalCode`. */
export function isCertificateError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'originalCode' in error ? error.originalCode : 'code' in error ? error.code : null;
  return typeof code === 'string' && certificateCodes.test(code);
}
