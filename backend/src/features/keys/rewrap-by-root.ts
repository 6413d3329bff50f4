import type { SqlRunner } from '../../platform/changes.js';
import type { RootKeys } from '../../platform/keys/root-keys.js';
import { lockUnderOtherRoots, setWrapped, type WrappedKey } from './keys.repository.js';

/** A key service answers each in some milliseconds. */
const atOnce = 8;

/** Wraps by the current root key whatever another one, or an earlier version of it, wraps. Answers how many. */
export async function rewrapByRoot(tx: SqlRunner, root: RootKeys): Promise<number> {
  const { fingerprint } = root.current;
  const rows = await lockUnderOtherRoots(tx, { fingerprint, version: await root.current.currentVersion() });
  for (let at = 0; at < rows.length; at += atOnce) {
    const batch = rows.slice(at, at + atOnce);
    const wrapped = await Promise.all(batch.map((row) => rewrap(root, row)));
    for (const [index, { text, version: rootVersion }] of wrapped.entries()) {
      const row = batch[index];
      if (row !== undefined) await setWrapped(tx, row, { text, fingerprint, rootVersion });
    }
  }
  return rows.length;
}

async function rewrap(root: RootKeys, row: WrappedKey) {
  const { purpose, workspace, environment, version, wrapped } = row;
  const place = [purpose, workspace, environment, version].join('|');
  const before = await root.get(row.root_fingerprint);
  if (before.fingerprint === root.current.fingerprint) return await root.current.rewrap(wrapped, place);
  return await root.current.wrap(await before.unwrap(wrapped, place), place);
}
