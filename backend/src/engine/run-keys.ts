import { createHmac, type KeyObject } from 'node:crypto';
import { limits } from '@sluice/shared/flow';
import type { NewPayload, PayloadKind } from '../journal/records.js';
import type { KeySet } from '../platform/keys/key-set.js';
import type { Keyring } from '../platform/keys/keyring.js';
import {
  newPayloadKey,
  openPayload,
  sealPayload,
  unwrapPayloadKey,
  wrapPayloadKey,
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
export function newRunKey(keys: Pick<EnvironmentKeys, 'payload'>, run: string): { key: KeyObject; wrapped: string } {
  const key = newPayloadKey();
  return { key, wrapped: wrapPayloadKey(keys.payload, key, `payload|${run}`) };
}

/** Throws SealBroken. */
export function openRunKey(keys: Pick<EnvironmentKeys, 'payload'>, run: { id: string; payloadKey: string }): KeyObject {
  return unwrapPayloadKey(keys.payload, run.payloadKey, `payload|${run.id}`);
}

/** The same for each attempt of a step (by its key), in whatever process and retry: what services drop repeats by. */
export function idempotencyKey(keys: EnvironmentKeys, place: { origin: string; step: string }): string {
  return createHmac('sha256', keys.idempotency).update(`${place.origin}|${place.step}`).digest('base64url');
}

/** Fixes a value without telling it: whoever has value and key can show that it was this one. */
export function commit(keys: EnvironmentKeys, json: string): string {
  return createHmac('sha256', keys.commitment).update(json).digest('base64url');
}

type Place = Pick<NewPayload, 'run' | 'step' | 'attempt' | 'kind'>;

/** A value as it is kept: its JSON, encrypted with the run's key and bound to its row. */
export function sealJson(key: KeyObject, json: string, place: Place & Pick<NewPayload, 'at' | 'keepDays'>): NewPayload {
  return { ...place, sealed: sealPayload(key, Buffer.from(json), rowName(place)) };
}

/** Throws SealBroken. */
export function openJson(key: KeyObject, sealed: Buffer, place: Place): unknown {
  return JSON.parse(openPayload(key, sealed, rowName(place)).toString());
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
