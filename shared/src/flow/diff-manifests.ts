import { canonicalJson } from '../lib/canonical-json.js';
import type { Manifest } from './manifest.js';

export type SentField = Manifest['sends'][number]['fields'][number] & { step: string };

export interface Change<Item> {
  added: Item[];
  removed: Item[];
}

/** What a slot needs now and didn't before, and what it needs no more. */
export interface SlotDiff {
  slot: string;
  connector: string;
  scopes: Change<string>;
  /** The host `connection` stands for those that the bound connection names. */
  hosts: Change<string>;
  calls: Change<string>;
  /** A field that reads other paths or has another class is removed and added. */
  fields: Change<SentField>;
  /** Whether its imported connector declares something else than before. */
  redeclared: boolean;
  /** Whether it asks for anything that wasn't there before: only then is a new approval needed. */
  isWider: boolean;
}

/**
 * The difference an approver sees, slot by slot; slots that stay the same are left out. A slot that changed its
 * connector is two slots: all of the old one removed, all of the new one added.
 */
export function diffManifests(before: Manifest | null, after: Manifest): SlotDiff[] {
  const names = new Set([...Object.keys(after.slots), ...Object.keys(before?.slots ?? {})]);
  return [...names].flatMap((slot) => {
    const [had, has] = [needsOf(before, slot), needsOf(after, slot)];
    if (had === null || has === null || had.connector === has.connector) return diffSlot(slot, had, has);
    return [...diffSlot(slot, had, null), ...diffSlot(slot, null, has)];
  });
}

interface Needs {
  connector: string;
  version: string | undefined;
  scopes: string[];
  hosts: string[];
  calls: string[];
  fields: SentField[];
}

function needsOf(manifest: Manifest | null, slot: string): Needs | null {
  const entry = manifest !== null && Object.hasOwn(manifest.slots, slot) ? manifest.slots[slot] : undefined;
  if (entry === undefined) return null;
  const { connector, version, scopes, hosts, calls } = entry;
  const sends = manifest?.sends.filter((send) => send.slot === slot) ?? [];
  const fields = sends.flatMap(({ step, fields: sent }) => sent.map((field) => ({ step, ...field })));
  return { connector, version, scopes, hosts: hosts === 'connection' ? ['connection'] : hosts, calls, fields };
}

const nothing = { scopes: [], hosts: [], calls: [], fields: [] };

function diffSlot(slot: string, before: Needs | null, after: Needs | null): SlotDiff[] {
  const connector = after?.connector ?? before?.connector;
  if (connector === undefined) return [];
  const [had, has] = [before ?? nothing, after ?? nothing];
  const scopes = change(had.scopes, has.scopes);
  const hosts = change(had.hosts, has.hosts);
  const calls = change(had.calls, has.calls);
  const fields = change<SentField>(had.fields, has.fields);
  const changes: Change<unknown>[] = [scopes, hosts, calls, fields];
  const redeclared = before !== null && after !== null && before.version !== after.version;
  const isWider = before === null || redeclared || changes.some(({ added }) => added.length > 0);
  const isNarrower = after === null || changes.some(({ removed }) => removed.length > 0);
  return isWider || isNarrower ? [{ slot, connector, scopes, hosts, calls, fields, redeclared, isWider }] : [];
}

function change<Item>(before: readonly Item[], after: readonly Item[]): Change<Item> {
  const [had, has] = [new Set(before.map(canonicalJson)), new Set(after.map(canonicalJson))];
  return {
    added: after.filter((item) => !had.has(canonicalJson(item))),
    removed: before.filter((item) => !has.has(canonicalJson(item))),
  };
}
