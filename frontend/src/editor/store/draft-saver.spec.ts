import { emptyDocument, type FlowDocument } from '@sluice/shared/flow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDraftSaver } from './draft-saver.js';
import type { SaveState } from './editor-store.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const manifest = { slots: {}, hosts: [], scopes: [], answers: [], sends: [] };

function aDocument(note: string): FlowDocument {
  return { ...emptyDocument(), notes: [{ id: note, text: note, at: [0, 0] }] };
}

function aSaver(answers: (() => Promise<number>)[]) {
  const sent: { document: FlowDocument; base: number }[] = [];
  const states: SaveState['kind'][] = [];
  const saver = createDraftSaver({
    document: emptyDocument(),
    revision: 4,
    async send(document, base) {
      sent.push({ document, base });
      const revision = await (answers[sent.length - 1] ?? (async () => base + 1))();
      return { revision, problems: [], manifest };
    },
    onState: ({ kind }) => states.push(kind),
    onSaved: () => {},
    now: () => new Date(0),
    judge: (thrown) => ({
      kind: thrown === 'conflict' ? 'conflict' : thrown === 'down' ? 'retry' : 'refused',
      message: String(thrown),
    }),
  });
  return { saver, sent, states };
}

const fails = (how: string) => () => Promise.reject(how);

describe('keeping the draft', () => {
  it('sends once typing rests, on the newest revision', async () => {
    const { saver, sent, states } = aSaver([]);
    saver.changed(aDocument('a'));
    await vi.advanceTimersByTimeAsync(500);
    const last = aDocument('b');
    saver.changed(last);
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toEqual([{ document: last, base: 4 }]);
    expect(saver.revision()).toBe(5);
    expect(states.at(-1)).toBe('saved');
  });

  it('has one save under way, and sends what changed meanwhile with the next', async () => {
    let answer = (_revision: number) => {};
    const { saver, sent } = aSaver([() => new Promise((resolve) => (answer = resolve))]);
    saver.changed(aDocument('a'));
    await vi.advanceTimersByTimeAsync(800);
    const last = aDocument('c');
    saver.changed(aDocument('b'));
    saver.changed(last);
    const flushed = saver.flush();
    expect(sent).toHaveLength(1);
    answer(5);
    expect(await flushed).toBe(true);
    expect(sent[1]).toEqual({ document: last, base: 5 });
  });

  it('tries again when the server was not reached, and loses nothing', async () => {
    const { saver, sent, states } = aSaver([fails('down'), fails('down')]);
    const document = aDocument('a');
    saver.changed(document);
    await vi.advanceTimersByTimeAsync(800);
    expect(states.at(-1)).toBe('failed');
    await vi.advanceTimersByTimeAsync(10_100);
    expect(sent.map((each) => each.document)).toEqual([document, document, document]);
    expect(states.at(-1)).toBe('saved');
  });

  it('waits for the next change after a refusal', async () => {
    const { saver, sent, states } = aSaver([fails('a secret in it')]);
    saver.changed(aDocument('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe('failed');
    saver.changed(aDocument('b'));
    await vi.advanceTimersByTimeAsync(800);
    expect(states.at(-1)).toBe('saved');
  });

  it('sends nothing more once somebody else saved', async () => {
    const { saver, sent, states } = aSaver([fails('conflict')]);
    saver.changed(aDocument('a'));
    expect(await saver.flush()).toBe(false);
    saver.changed(aDocument('b'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe('conflict');
  });
});
