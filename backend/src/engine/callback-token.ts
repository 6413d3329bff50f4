import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/*
 * The address at which the outside answers a callback step: `<run>.<step key>.<mac>`, base64url parts. Nobody can make
 * one without the key, and each is good for one step of one run.
 */

interface Place {
  run: string;
  /** Key of the step. */
  step: string;
}

/** The address of a callback step. */
export function callbackUrl(
  { keys, publicUrl, id }: { keys: { callback: KeyObject }; publicUrl: string; id: string },
  step: string,
): string {
  return `${publicUrl}/callbacks/${callbackToken(keys.callback, { run: id, step })}`;
}

function callbackToken(key: KeyObject, { run, step }: Place): string {
  const name = Buffer.from(step).toString('base64url');
  return `${run}.${name}.${macOf(key, `${run}.${name}`).toString('base64url')}`;
}

/** Which step a token is for; null for one that was not made here. */
export function readCallbackToken(key: KeyObject, token: string): Place | null {
  const [, run, name, mac] = /^(run_[0-9A-Za-z]{8,40})\.([\w-]{1,200})\.([\w-]{43})$/.exec(token) ?? [];
  if (run === undefined || name === undefined || mac === undefined) return null;
  const given = Buffer.from(mac, 'base64url');
  const expected = macOf(key, `${run}.${name}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { run, step: Buffer.from(name, 'base64url').toString() };
}

function macOf(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(`callback|${text}`).digest();
}
