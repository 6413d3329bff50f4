import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { RefusalCode } from './refusals.js';
import type { Delivery, Scheme, SchemeConfig } from './schemes/scheme.js';

/** A signing secret that counts until its time. */
export interface EndpointSecret {
  key: KeyObject;
  /** Milliseconds since 1970; null for the current one. */
  expiresAt: number | null;
}

export interface Check {
  check: string;
  ok: boolean;
  detail: string | null;
}

export type Verdict =
  | {
      ok: true;
      messageId: string | null /** Tells one signed message from another where it has no id. */;
      fingerprint: string;
    }
  | { ok: false; code: RefusalCode };

const toleranceMs = 300_000;

/** Whether a delivery is from who knows the secret, and fresh. What was looked at is added to `checks`. */
export function verify(
  delivery: Delivery,
  {
    scheme,
    config,
    secrets,
    now,
    checks,
  }: { scheme: Scheme; config: SchemeConfig; secrets: readonly EndpointSecret[]; now: number; checks: Check[] },
): Verdict {
  const signed = scheme.read(delivery, config);
  const [first] = signed?.signatures ?? [];
  if (signed === null || first === undefined) return fail(checks, 'webhook.unsigned', { check: 'signature headers' });
  checks.push({ check: 'signature headers', ok: true, detail: null });
  // Before the signature: cheap, and a stale delivery is refused whoever signed it.
  if (signed.timestamp !== null) {
    const late = Math.round((now - signed.timestamp) / 1000);
    if (Math.abs(now - signed.timestamp) > toleranceMs)
      return fail(checks, 'webhook.stale', { check: 'time', detail: `${late} s from now` });
    checks.push({ check: 'time', ok: true, detail: null });
  }
  const live = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  // No secret is no signature: it never counts as right.
  if (live.length === 0) return fail(checks, 'webhook.no_secret', { check: 'secret' });
  let matches = false;
  for (const { key } of live) {
    const hmac = createHmac(scheme.algorithm(config), key);
    for (const part of signed.content) hmac.update(part);
    const expected = hmac.digest();
    for (const signature of signed.signatures) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) matches = true;
    }
  }
  if (!matches) return fail(checks, 'webhook.wrong_signature', { check: 'signature' });
  checks.push({ check: 'signature', ok: true, detail: null });
  return { ok: true, messageId: signed.messageId, fingerprint: first.toString('base64url') };
}

function fail(
  checks: Check[],
  code: RefusalCode,
  { check, detail = null }: { check: string; detail?: string | null },
): Verdict {
  checks.push({ check, ok: false, detail });
  return { ok: false, code };
}
