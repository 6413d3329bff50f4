import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';

/** Whether one of some signatures is right of what was fed, by one key. */
export interface SignatureCheck {
  feed(part: string | Buffer): void;
  matches(signatures: readonly Buffer[]): boolean;
}

/** By the kind of the key: an HMAC for a secret one, Ed25519 for a public one. */
export function signatureCheck(key: KeyObject, algorithm: 'sha256' | 'sha512'): SignatureCheck {
  return key.type === 'public' ? ed25519Check(key) : hmacCheck(key, algorithm);
}

function hmacCheck(key: KeyObject, algorithm: 'sha256' | 'sha512'): SignatureCheck {
  const hmac = createHmac(algorithm, key);
  return {
    feed: (part) => void hmac.update(part),
    matches(signatures) {
      const expected = hmac.digest();
      let matches = false;
      for (const signature of signatures)
        if (signature.length === expected.length && timingSafeEqual(signature, expected)) matches = true;
      return matches;
    },
  };
}

/** Node verifies Ed25519 over the whole of a message only, so it is gathered. Nothing here is secret: time tells nothing. */
function ed25519Check(key: KeyObject): SignatureCheck {
  const parts: Buffer[] = [];
  return {
    feed: (part) => void parts.push(typeof part === 'string' ? Buffer.from(part) : part),
    matches(signatures) {
      const message = Buffer.concat(parts);
      return signatures.some((signature) => signature.length === 64 && verify(null, message, key, signature));
    },
  };
}
