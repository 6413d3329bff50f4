import { hash, verify } from '@node-rs/argon2';
import type { Issue } from '@sluice/shared/api';
import { dictionary } from '@zxcvbn-ts/language-common';

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane; about 10 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** NIST SP 800-63B-4, 3.1.1.2: 8 where a second factor is always asked too, as it is here; 15 otherwise. */
const shortest = 8;
const common: ReadonlySet<string> = new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));

/** What is wrong with a new password; empty when nothing is. No rule on kinds of characters (SP 800-63B-4). */
export function checkPassword(password: string, about: { email: string; name: string }): Issue[] {
  const text = password.normalize('NFKC');
  const lower = text.toLowerCase();
  const issues: string[] = [];
  if ([...text].length < shortest)
    issues.push(`Use at least ${shortest} characters; a sentence is easiest to remember.`);
  if (common.has(lower)) issues.push('This is one of the passwords that everybody tries first.');
  if (new Set(lower).size < 3) issues.push('This repeats too few characters.');
  const own = [about.email, about.email.split('@')[0] ?? '', about.name, 'Sluice'].map(letters);
  if (own.includes(letters(lower))) issues.push('This is your own name, your e-mail or the name of this product.');
  return issues.map((message) => ({ path: 'password', message }));
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

export async function hashPassword(password: string): Promise<string> {
  return await hash(password.normalize('NFKC'), cost);
}

// Somebody unknown costs the same time as somebody known, so that the time tells nothing.
let nobody: Promise<string> | undefined;

/** False for a wrong password and for a member without one, in the same time. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password');
  const matches = await verify(stored ?? (await nobody), password.normalize('NFKC'));
  return matches && stored !== null;
}
