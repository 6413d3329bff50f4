import { createHmac, hash, type KeyObject } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { limits } from '@sluice/shared/flow';
import type { NewPayload, PayloadKind } from '../journal/records.js';
import type { KeySet } from '../platform/keys/key-set.js';
import type { Keyring } from '../platform/keys/keyring.js';
import {
  newPayloadKey,
  openPayload,
  type PayloadKey,
  sealPayload,
  unwrapPayloadKey,
} from '../platform/keys/payload-sealing.js';

export type { KeyObject };

/** The keys that runs of one environment work with. */
export interface EnvironmentKeys {
  payload: KeySet;
  commitment: KeyObject;
  idempotency: KeyObject;
  callback: KeyObject;
}

/** `payloadKey` is that of a run which they have to open, if there is one. */
export async function loadEnvironmentKeys(
  keyring: Keyring,
  place: { workspace: string; environment: string },
  payloadKey = '',
): Promise<EnvironmentKeys> {
  const { workspace, environment } = place;
  const [payload, commitment, idempotency, callback] = await Promise.all([
    keyring.keysFor({ workspace, environment, purpose: 'payload' }, payloadKey),
    keyring.key(workspace, environment, 'commitment'),
    keyring.key(workspace, '', 'idempotency'),
    // Of the whole installation: an address must be read before it is known whose it is.
    keyring.key('', '', 'callback'),
  ]);
  return { payload, commitment, idempotency, callback };
}

/** A run's own payload key and its wrapped form, which is stored with the run. */
export function newRunKey(keys: Pick<EnvironmentKeys, 'payload'>, run: string): PayloadKey & { wrapped: string } {
  return newPayloadKey(keys.payload, `payload|${run}`);
}

/** Throws SealBroken. */
export function openRunKey(
  keys: Pick<EnvironmentKeys, 'payload'>,
  run: { id: string; payloadKey: string },
): PayloadKey {
  return unwrapPayloadKey(keys.payload, run.payloadKey, `payload|${run.id}`);
}

/** The same for each attempt of a step (by its key), in whatever process and retry: what services drop repeats by. */
export function idempotencyKey(keys: EnvironmentKeys, place: { origin: string; step: string }): string {
  return createHmac('sha256', keys.idempotency).update(`${place.origin}|${place.step}`).digest('base64url');
}

/** A business key as it is stored: whoever knows it finds its runs, and nobody reads it there. `key`: the workspace's for idempotency. */
export function nameOfKey(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(`key|${text}`).digest('base64url').slice(0, 22);
}

/** Fixes a value without telling it: whoever has the value and its run's salt can show that it was this one. */
export function commit(salt: string, json: string): string {
  return hash('sha256', `${salt}${json}`, 'base64url');
}

/** A name for a key that tells it from others: enough for people to see that two calls had the same. */
export function shortName(key: string): string {
  return hash('sha256', key, 'base64url').slice(0, 16);
}

type Place = Pick<NewPayload, 'run' | 'step' | 'attempt' | 'kind'>;

/** From this length on values are compressed: shorter ones gain less than the 25 microseconds that it takes. */
const compressedBytes = 2048;
/** How compressed ones begin (RFC 1950), and no JSON does. */
const zlibHeader = 0x78;

/** A value as it is kept: its JSON, compressed where that pays, encrypted with the run's key and bound to its row. */
export function sealJson(key: KeyObject, json: string, place: Place & Pick<NewPayload, 'at' | 'keepDays'>): NewPayload {
  const bytes = Buffer.from(json);
  const short = bytes.length < compressedBytes ? bytes : deflateSync(bytes, { level: 1 });
  return { ...place, sealed: sealPayload(key, short, rowName(place)) };
}

/** The JSON of a kept value. Throws SealBroken. */
export function openJson(key: KeyObject, sealed: Buffer, place: Place): string {
  const bytes = openPayload(key, sealed, rowName(place));
  return (bytes[0] === zlibHeader ? inflateSync(bytes) : bytes).toString();
}

function rowName({
  run,
  step,
  attempt,
  kind,
}: {
  run: string;
  step: string;
  attempt: number;
  kind: PayloadKind;
}): string {
  return `${run}|${step}|${attempt}|${kind}`;
}

/** The value's JSON; null when it is larger than a run may carry. */
export function jsonWithinLimit(value: unknown): string | null {
  const json = JSON.stringify(value) ?? 'null';
  return json.length <= limits.inlineValueBytes && Buffer.byteLength(json) <= limits.inlineValueBytes ? json : null;
}
