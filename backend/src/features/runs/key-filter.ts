import { nameOfKey } from '../../engine/run-keys.js';
import type { Keyring } from '../../platform/keys/keyring.js';

/** A filter whose business key, as a person writes it, becomes what runs keep of it. Rejects with KeyServiceAway. */
export async function withStoredKey<Filter extends { key?: string | undefined }>(
  keyring: Pick<Keyring, 'key'>,
  workspace: string,
  filter: Filter,
): Promise<Filter> {
  if (filter.key === undefined) return filter;
  return { ...filter, key: nameOfKey(await keyring.key(workspace, '', 'idempotency'), filter.key) };
}
