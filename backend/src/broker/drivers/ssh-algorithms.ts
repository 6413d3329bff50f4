import { createHash } from 'node:crypto';
import type { Algorithms } from 'ssh2';

/**
 * What may be agreed on, best first. Nothing with SHA-1, MD5, CBC, RC4, 3DES, DSA or groups below 3072 bits; group
 * exchange is left out because the library lets a server choose 2048.
 */
export const strongAlgorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: [
    'aes256-gcm@openssh.com',
    'aes128-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes256-ctr',
    'aes192-ctr',
    'aes128-ctr',
  ],
  hmac: ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
  compress: ['none'],
} as const satisfies Algorithms;

/** Whether somebody between could drop packets unseen unless the key exchange is strict (CVE-2023-48795). */
export function needsStrictExchange(cipher: string): boolean {
  return !cipher.includes('-gcm');
}

const shortestRsaBits = 3072;

export interface HostKey {
  type: string;
  /** As `ssh-keygen -l` prints it: `SHA256:...`. */
  fingerprint: string;
  isStrong: boolean;
}

/** Reads a host key as it comes over the wire (RFC 4253, 6.6). */
export function readHostKey(blob: Buffer): HostKey {
  const [type = Buffer.alloc(0), , modulus] = fieldsOf(blob);
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  const name = type.toString('latin1');
  const isStrong = name !== 'ssh-rsa' || bitsOf(modulus) >= shortestRsaBits;
  return { type: name, fingerprint: `SHA256:${digest}`, isStrong };
}

/** Each with its length in front. */
function fieldsOf(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const end = at + 4 + blob.readUInt32BE(at);
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function bitsOf(number: Buffer | undefined): number {
  const first = number?.findIndex((byte) => byte !== 0) ?? -1;
  return number === undefined || first === -1 ? 0 : (number.length - first) * 8 - Math.clz32(number[first] ?? 0) + 24;
}
