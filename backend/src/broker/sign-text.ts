import { createHmac, type KeyObject } from 'node:crypto';
import { bytesGiven, bytesWritten, findMisgiven, hmacAlgorithms } from '@sluice/shared/connector';
import { z } from 'zod';
import { takeKey } from '../platform/keys/secret-key.js';
import { assertGrantedCall, grantedReply } from './assert-standing.js';
import type { BrokerAnswer } from './call.js';
import { emptyRecord } from './call-record.js';
import type { Credential } from './credential.js';
import { assertWithinLimits } from './limits/assert-within-limits.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { late, refused } from './refusal.js';

const requestSchema = z.strictObject({
  algorithm: z.enum(hmacAlgorithms),
  text: z.string().max(1_048_576),
  given: z.enum(bytesGiven),
  as: z.enum(bytesWritten),
});
const configSchema = z.object({ keyGiven: z.enum(bytesGiven) });

/** Signs a text with the connection's key: a call that goes to nobody (decision 49). Throws CallEnded. */
export async function signText(outlet: Outlet, call: CheckedCall, wanted: unknown): Promise<BrokerAnswer> {
  const { capability } = call;
  const started = outlet.now();
  const record = emptyRecord({ host: '', method: 'SIGN', path: '/hmac' });
  call.record.current = record;
  const request = requestSchema.safeParse(wanted).data;
  if (request === undefined) throw refused('broker.bad_request', 'There is no text of 1 MiB or less to sign.');
  const misgiven = findMisgiven(request.text, request.given);
  if (misgiven !== null) throw refused('broker.bad_request', `The text is ${misgiven}`);
  const covers = (one: string) => one === 'SIGN /hmac';
  if (!covers(capability.call))
    throw refused('broker.call_not_allowed', `The step may ${capability.call}, and tried to sign: nothing was signed.`);
  assertGrantedCall(capability, call.standing, covers);
  const granted = grantedReply(capability, call.standing);
  if (granted !== null && !granted.includes('signature'))
    throw refused('broker.not_covered', 'The grant for this step lets no signature out: ask for a wider approval.');
  const standing = await call.checkAgain();
  if (call.isLate()) throw late;
  await assertWithinLimits(outlet.leases, capability, standing);
  const { keyGiven } = configSchema.parse(standing.config);
  const hmac = createHmac(request.algorithm, keyOf(await call.secret(standing), keyGiven));
  const signature = hmac.update(bytesOf(request.text, request.given)).digest(request.as);
  record.status = 0;
  record.milliseconds = outlet.now() - started;
  return { ok: true, kind: 'sign', reply: { signature }, record };
}

function keyOf(auth: Credential, given: (typeof bytesGiven)[number]): KeyObject {
  if (auth.kind !== 'hmacKey')
    throw refused('broker.bad_secret', 'The connection holds no key to sign texts with: make another one.');
  if (findMisgiven(auth.key, given) !== null)
    throw refused('broker.bad_secret', `The connection's key is not ${given}: enter it again.`);
  return takeKey(bytesOf(auth.key, given));
}

function bytesOf(text: string, given: (typeof bytesGiven)[number]): Buffer {
  return Buffer.from(text, given === 'text' ? 'utf8' : given);
}
