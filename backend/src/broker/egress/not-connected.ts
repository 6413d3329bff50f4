import { broke, type CallEnded, unreachable } from '../refusal.js';
import { dialTrouble, isCertificateError } from './dial.js';

/** What a socket that did not come about means. Nothing was sent. */
export function notConnected(label: string, cause: unknown): CallEnded {
  if (!isCertificateError(cause)) return unreachable(label, dialTrouble(cause), cause);
  const message = `${label} offers no TLS 1.2 or newer with a certificate that proves its name: have it renewed, or correct the host.`;
  return broke({ code: 'egress.certificate', message, uncertain: false }, cause);
}
