import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

/** What a stand-in keeps of a key: its versions, the last one in use. */
export function newMaterial(): ReturnType<typeof createSecretKey> {
  return createSecretKey(randomBytes(32));
}

type Material = ReturnType<typeof newMaterial>;

export function encrypt(key: Material, plaintext: Buffer, aad = ''): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Null for what this key did not encrypt. */
export function decrypt(key: Material, bytes: Buffer, aad = ''): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(aad));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  } catch {
    return null;
  }
}
