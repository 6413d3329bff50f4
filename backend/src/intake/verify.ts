import type { KeyObject } from 'node:crypto';
import type { RefusalCode } from './refusals.js';
import type { Delivery, Scheme, SchemeConfig } from './schemes/scheme.js';
import { signatureCheck } from './signature-check.js';

/** A signing secret, or the sender's public key, that counts until its time. */
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

/** A signature that is checked as the body comes. */
export interface Verifying {
  feed(chunk: Buffer): void;
  end(): Verdict;
}

interface Verification {
  scheme: Scheme;
  config: SchemeConfig;
  secrets: readonly EndpointSecret[];
  now: number;
  checks: Check[];
}

/** Whether a delivery is from who knows the secret, and fresh. What was looked at is added to `checks`. */
export function verify(delivery: Delivery, of: Verification): Verdict {
  const begun = beginVerify(delivery, of);
  if ('ok' in begun) return begun;
  begun.feed(delivery.body);
  return begun.end();
}

/** The same with a body that is still to come: whatever bytes the delivery has stand for it. */
export function beginVerify(
  delivery: Delivery,
  { scheme, config, secrets, now, checks }: Verification,
): Verifying | Extract<Verdict, { ok: false }> {
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
  const tries = live.map(({ key }) => signatureCheck(key, scheme.algorithm(config)));
  const place = signed.content.indexOf(delivery.body);
  const sign = (parts: readonly (string | Buffer)[]) => {
    for (const part of parts) for (const one of tries) one.feed(part);
  };
  sign(signed.content.slice(0, place));
  return {
    feed: (chunk) => sign([chunk]),
    end() {
      sign(signed.content.slice(place + 1));
      // All of them, so that time doesn't tell which key it was.
      const matches = tries.map((one) => one.matches(signed.signatures));
      if (!matches.includes(true)) return fail(checks, 'webhook.wrong_signature', { check: 'signature' });
      checks.push({ check: 'signature', ok: true, detail: null });
      return { ok: true, messageId: signed.messageId, fingerprint: first.toString('base64url') };
    },
  };
}

function fail(
  checks: Check[],
  code: RefusalCode,
  { check, detail = null }: { check: string; detail?: string | null },
): Extract<Verdict, { ok: false }> {
  checks.push({ check, ok: false, detail });
  return { ok: false, code };
}
