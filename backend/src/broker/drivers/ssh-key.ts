import ssh2 from 'ssh2';

/** A new Ed25519 pair: both halves as OpenSSH writes them. `comment` ends the public one. */
export function makeSshKey(comment: string): { privateKey: string; publicKey: string } {
  const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
  return { privateKey: pair.private, publicKey: pair.public };
}
