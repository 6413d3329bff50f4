import { isCount, isHash, isObject, readCanonical } from './canonical.mjs';
import { leafHash } from './merkle.mjs';

/**
 * What an entry's text says, or why it doesn't count.
 * @param {string} body
 * @param {{ workspace: string, leaf?: string }} expected
 * @returns {{ leaf: string, said: any } | string}
 */
export function readEntry(body, { workspace, leaf: written }) {
  const leaf = leafHash(body);
  if (written !== undefined && written !== leaf) return 'was changed: its text no longer matches its hash';
  const said = readCanonical(body);
  if (said === undefined) return 'was changed: its text is not canonical JSON';
  const isEntry =
    isObject(said) &&
    typeof said.id === 'string' &&
    typeof said.at === 'string' &&
    isObject(said.actor) &&
    typeof said.action === 'string' &&
    /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/.test(said.action);
  if (!isEntry) return 'was changed: its text is no audit entry';
  if (said.workspace !== workspace) return 'belongs to another workspace';
  return { leaf, said };
}

/**
 * The last blocks that an entry says retention dropped, by lane.
 * @param {any} said
 * @returns {{ lane: string, n: number, hash: string }[]}
 */
export function readDrops({ action, detail }) {
  if (action !== 'log.dropped' || !isObject(detail?.lanes)) return [];
  return Object.entries(detail.lanes).flatMap(([lane, drop]) =>
    isObject(drop) && isCount(drop.n) && isHash(drop.hash) ? [{ lane, n: drop.n, hash: drop.hash }] : [],
  );
}
