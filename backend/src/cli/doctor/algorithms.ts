import type pg from 'pg';
import { type Finding, well, wrong } from './finding.js';

/** What protects what, for the inventory that NIST SP 800-57 and OWASP ASVS 11.1 ask for. */
export const algorithms = [
  { use: 'secrets, second factors, run data: each by a data key of its own', algorithm: 'AES-256-GCM', bits: 256 },
  { use: 'data keys, wrapped by the key of their environment', algorithm: 'AES-256-GCM', bits: 256 },
  { use: 'keys of environments, wrapped by a root key in a file or a variable', algorithm: 'AES-256-GCM', bits: 256 },
  { use: 'keys of environments, wrapped by a key service', algorithm: "the service's own", bits: 256 },
  {
    use: 'commitments, idempotency keys, callbacks, capabilities, session cookies',
    algorithm: 'HMAC-SHA-256',
    bits: 256,
  },
  { use: 'audit log: leaves, blocks, Merkle tree', algorithm: 'SHA-256', bits: 256 },
  { use: 'passwords', algorithm: 'Argon2id (19 MiB, 2 passes)', bits: 256 },
  { use: 'recovery codes and links, which are random', algorithm: 'SHA-256', bits: 256 },
  { use: 'outgoing connections', algorithm: 'TLS 1.2 or newer', bits: 128 },
] as const;

/** Passwords are the one place where older hashes may lie. */
export async function checkAlgorithms(owner: pg.Client): Promise<Finding[]> {
  const { rows } = await owner.query<{ algorithm: string; rows: number }>(
    "select split_part(password_hash, '$', 2) as algorithm, count(*)::int as rows from member where password_hash is not null group by 1",
  );
  const others = rows.filter(({ algorithm }) => algorithm !== 'argon2id');
  if (others.length === 0) return [well('algorithms', 'All passwords are hashed with Argon2id.')];
  return others.map(({ algorithm, rows: count }) =>
    wrong('algorithms', `${count} passwords are hashed with "${algorithm}".`, 'Have those members set a new password.'),
  );
}
