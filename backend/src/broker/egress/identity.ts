import { checkServerIdentity, type PeerCertificate } from 'node:tls';

export type { PeerCertificate } from 'node:tls';

/**
 * For TLS that a library begins on a dialled socket: undefined where the certificate proves the host, a name or an address.
 * Libraries tell Node no name where the host is an address, and Node then has it prove `localhost`.
 */
export function whyNotProven(host: string, certificate: PeerCertificate): Error | undefined {
  return checkServerIdentity(host, certificate);
}
