import { apply, emptyDocument } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { forgetDrafts } from './draft-names.js';
import { forget, keep, takeKept } from './kept-draft.js';

function aStorage() {
  const items = new Map<string, string>();
  return {
    items,
    get length() {
      return items.size;
    },
    key: (at: number) => [...items.keys()][at] ?? null,
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
}

const held = emptyDocument();
const document = apply(held, { kind: 'set-settings', settings: { timeoutSeconds: 60 } });
const mine = { member: 'mem_1', flow: 'flw_1', tab: 'tab_1' };
const draft = { at: 1, base: held, baseRevision: 7, document };

describe('a draft that the tab keeps', () => {
  it('comes back with what it builds on, by its flow and member, until it is forgotten', () => {
    const storage = aStorage();
    keep(storage, mine, draft);
    expect(takeKept(storage, mine, held)).toEqual(draft);
    expect(takeKept(storage, { ...mine, flow: 'flw_2' }, held)).toBeNull();
    expect(takeKept(storage, { ...mine, member: 'mem_2' }, held)).toBeNull();
    forget(storage, mine);
    expect(takeKept(storage, mine, held)).toBeNull();
  });

  it('goes on in another tab when its own was closed, the newest first', () => {
    const storage = aStorage();
    keep(storage, { ...mine, tab: 'tab_2' }, draft);
    keep(storage, { ...mine, tab: 'tab_3' }, { ...draft, at: 2, baseRevision: 8 });
    expect(takeKept(storage, mine, held)?.baseRevision).toBe(8);
    expect([...storage.items.keys()].map((name) => name.split('.').at(-1))).toEqual(['tab_2', 'tab_1']);
    forget(storage, mine);
    expect(takeKept(storage, mine, held)?.baseRevision).toBe(7);
  });

  it('is forgotten once the server holds it, though the tab ended before it heard so', () => {
    const storage = aStorage();
    keep(storage, mine, draft);
    expect(takeKept(storage, mine, structuredClone(document))).toBeNull();
    expect(takeKept(storage, mine, held)).toBeNull();
  });

  it('is gone with all others when its member signs out, and nothing else is', () => {
    const storage = aStorage();
    for (const flow of ['flw_1', 'flw_2']) keep(storage, { ...mine, flow }, draft);
    storage.setItem('other', 'x');
    forgetDrafts(storage);
    expect([...storage.items.keys()]).toEqual(['other']);
  });

  it('is nothing when it can not be read, or the storage is full', () => {
    const storage = aStorage();
    storage.items.set('sluice.draft.mem_1.flw_1.tab_1', '{"baseRevision":1,"document":{"schema":"other"}}');
    expect(takeKept(storage, mine, held)).toBeNull();
    const full = {
      setItem() {
        throw new Error('full');
      },
    };
    expect(() => keep(full, mine, draft)).not.toThrow();
  });
});
