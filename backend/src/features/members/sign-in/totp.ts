import { generateSecret, generateURI, verify } from 'otplib';

const stepSeconds = 30;

/** A new 160 bit seed, base32. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** The otpauth address that authenticators read. */
export function totpUri(secret: string, email: string): string {
  return generateURI({ issuer: 'Sluice', label: email, secret });
}

/** The time step (RFC 6238) that a right, unspent code belongs to, else null. One step either way is accepted. */
export async function matchingTimeStep(secret: string, code: string, lastStep: number | null): Promise<number | null> {
  const digits = code.replaceAll(' ', '');
  // otplib throws on anything but six digits, and a typing mistake is no error of ours.
  if (!/^\d{6}$/.test(digits)) return null;
  const result = await verify({
    secret,
    token: digits,
    epochTolerance: stepSeconds,
    ...(lastStep === null ? {} : { afterTimeStep: lastStep }),
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
