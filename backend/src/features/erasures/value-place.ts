import { createHmac, type KeyObject } from 'node:crypto';
import type { SealedPlace } from '../../platform/keys/sealing.js';

/** Where what is looked for lies sealed, while it is looked for. */
export function placeOfValue({
  id,
  workspace,
  environment,
}: {
  id: string;
  workspace: string;
  environment: string;
}): SealedPlace {
  return { purpose: 'payload', workspace, environment, table: 'erasure', row: id, column: 'value_sealed' };
}

/** What the log tells of it: the same for the same value, and found out by nobody without the workspace's key. */
export function nameOfValue(key: KeyObject, value: string): string {
  return createHmac('sha256', key).update(`erasure|${value.toLowerCase()}`).digest('base64url').slice(0, 22);
}
