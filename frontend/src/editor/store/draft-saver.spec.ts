import { applyChanges, emptyDocument, type FlowDocument, mergeDrafts } from '@sluice/shared/flow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDraftSaver, type DraftSaver, type HeldDraft } from './draft-saver.js';
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

type Reply = { revision: number; document?: FlowDocument };

function aSaver(answers: (() => Promise<Reply>)[], theirs: HeldDraft = { document: emptyDocument(), revision: 4 }) {
  const sent: { document: FlowDocument; base: number }[] = [];
  const states: SaveState['kind'][] = [];
  let drawn = emptyDocument();
  const saver: DraftSaver = createDraftSaver({
    held: { document: drawn, revision: 4 },
    async send(changes, base) {
      sent.push({ document: applyChanges(saver.held().document, changes).document, base });
      const reply = await (answers[sent.length - 1] ?? (async () => ({ revision: base + 1 })))();
      return { ...reply, problems: [], manifest };
    },
    load: async () => theirs,
    adopt(others, keep) {
      change(mergeDrafts({ ...others, mine: drawn }, keep).document);
    },
    onState: ({ kind }) => states.push(kind),
    onSaved: () => {},
    now: () => new Date(0),
    judge: (thrown) => ({
      kind: thrown === 'conflict' ? 'conflict' : thrown === 'down' ? 'retry' : 'refused',
      message: String(thrown),
    }),
  });
  function change(document: FlowDocument) {
    drawn = document;
    saver.changed(document);
  }
  return { saver: { ...saver, changed: change }, sent, states, drawn: () => drawn };
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
    expect(saver.held().revision).toBe(5);
    expect(states.at(-1)).toBe('saved');
  });

  it('has one save under way, and sends what changed meanwhile with the next', async () => {
    let answer = (_reply: Reply) => {};
    const { saver, sent } = aSaver([() => new Promise((resolve) => (answer = resolve))]);
    saver.changed(aDocument('a'));
    await vi.advanceTimersByTimeAsync(800);
    const last = aDocument('c');
    saver.changed(aDocument('b'));
    saver.changed(last);
    const flushed = saver.flush();
    expect(sent).toHaveLength(1);
    answer({ revision: 5 });
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

  it('takes in what others changed, from the reply and from what the server tells of, and sends no more than mine', async () => {
    const theirs = { ...aDocument('a'), slots: { crm: { connector: 'hubspot' } } };
    const { saver, sent, states, drawn } = aSaver([async () => ({ revision: 6, document: theirs })]);
    saver.changed(aDocument('a'));
    expect(await saver.flush()).toBe(true);
    expect(drawn()).toEqual(theirs);
    expect(saver.held()).toEqual({ document: theirs, revision: 6 });
    expect(states.at(-1)).toBe('saved');

    const late = aSaver([], { document: aDocument('b'), revision: 5 });
    await late.saver.refresh(4);
    expect(late.drawn()).toEqual(emptyDocument());
    await late.saver.refresh(5);
    expect(late.drawn()).toEqual(aDocument('b'));
    expect([sent.length, late.sent.length]).toEqual([1, 0]);
  });

  const seconds = (timeoutSeconds: number) => ({ ...emptyDocument(), settings: { timeoutSeconds } });

  it('sends nothing while somebody else changed the same, then what was chosen', async () => {
    const { saver, sent, states, drawn } = aSaver([fails('conflict')], { document: seconds(90), revision: 5 });
    saver.changed(seconds(60));
    expect(await saver.flush()).toBe(false);
    saver.changed({ ...seconds(60), notes: aDocument('b').notes });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe('conflict');
    await saver.resolve(new Set([JSON.stringify(['settings', 'timeoutSeconds'])]));
    expect(sent[1]).toMatchObject({ base: 5, document: { settings: { timeoutSeconds: 60 }, notes: [{ id: 'b' }] } });
    expect(drawn().settings).toEqual({ timeoutSeconds: 60 });
    expect(states.at(-1)).toBe('saved');
  });

  it('does not go round when the server refuses and has nothing new', async () => {
    const { saver, sent, states } = aSaver(Array.from({ length: 9 }, () => fails('conflict')));
    saver.changed(aDocument('a'));
    expect(await saver.flush()).toBe(false);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe('failed');
  });
});
