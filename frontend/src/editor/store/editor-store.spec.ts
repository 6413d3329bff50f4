import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { placesOf } from '../canvas/layout.js';
import { createEditorStore } from './editor-store.js';

function aStore() {
  const document = aFlow({
    slots: { crm: { connector: 'hubspot' } },
    steps: [
      aTrigger,
      { id: 'clean', kind: 'transform', input: { email: { $: 'trigger.body.email' } } },
      {
        id: 'contact',
        kind: 'action',
        slot: 'crm',
        action: 'contacts.upsert',
        input: { email: { $: 'steps.clean.email' } },
      },
    ],
    edges: ['paid -> clean', 'clean -> contact'],
  });
  const store = createEditorStore({ document, catalogue: aCatalogue });
  return { store, actions: store.getState().actions, start: document };
}

const typed = (text: string) =>
  ({ kind: 'update-step', step: { id: 'clean', kind: 'transform', input: { email: text } } }) as const;

describe('the editor store', () => {
  it('goes back and forward through changes', () => {
    const { store, actions, start } = aStore();
    actions.change({ kind: 'remove-step', id: 'contact' });
    const after = store.getState().document;
    actions.undo();
    expect(store.getState().document).toBe(start);
    actions.redo();
    expect(store.getState().document).toBe(after);
    actions.undo();
    actions.change({ kind: 'disconnect', edge: { from: 'paid', to: 'clean' } });
    expect(store.getState().history.future).toEqual([]);
  });

  it('takes letters typed into one field back together, and those of the next apart', () => {
    const { store, actions, start } = aStore();
    for (const text of ['a', 'ab', 'abc']) actions.change(typed(text), { merge: 'clean:email' });
    actions.select(['clean']);
    actions.change(typed('abcd'), { merge: 'clean:email' });
    actions.undo();
    expect(store.getState().document.steps[1]).toMatchObject({ input: { email: 'abc' } });
    actions.undo();
    expect(store.getState().document).toBe(start);
  });

  it('applies several operations or none, and says why', () => {
    const { store, actions, start } = aStore();
    const refusal = actions.change([
      { kind: 'remove-step', id: 'clean' },
      { kind: 'connect', edge: { from: 'contact', to: 'paid' } },
    ]);
    expect(refusal).toBe('Nothing can lead into a trigger: it is where a run begins.');
    expect(store.getState().document).toBe(start);
    expect(store.getState().history.past).toEqual([]);
    expect(actions.refusalOf({ kind: 'connect', edge: { from: 'contact', to: 'clean' } })).toContain(
      'would make a circle',
    );
  });

  it('computes problems, manifest and samples with each change of meaning', () => {
    const { store, actions } = aStore();
    expect(store.getState().problems).toEqual([]);
    expect(store.getState().manifest.hosts).toEqual(['api.hubapi.com']);
    actions.setSample({ email: 'grace@example.com' });
    expect(store.getState().samples.steps['clean']).toEqual({ email: 'grace@example.com' });
    expect(store.getState().samples.steps['contact']).toEqual({ id: '1' });
    const { problems, manifest } = store.getState();
    actions.change({ kind: 'move-steps', to: { clean: [5, 5] } });
    expect(store.getState().problems).toBe(problems);
    expect(store.getState().manifest).toBe(manifest);
    actions.change({ kind: 'disconnect', edge: { from: 'clean', to: 'contact' } });
    expect(store.getState().problems.map(({ code }) => code)).toContain('step.unreachable');
  });

  it('lets go of what is no longer there', () => {
    const { store, actions } = aStore();
    actions.select(['clean', 'contact', 'clean:next->contact']);
    actions.change({ kind: 'remove-step', id: 'clean' });
    expect(store.getState().selection).toEqual(['contact']);
  });

  it('keeps steps where they were shown once something changes', () => {
    const { store, actions, start } = aStore();
    const shown = placesOf(start);
    actions.change({ kind: 'remove-step', id: 'clean' });
    const { paid, contact } = store.getState().document.layout;
    expect({ paid, contact }).toEqual({ paid: shown['paid'], contact: shown['contact'] });
  });

  it('changes nothing for a reader', () => {
    const { start } = aStore();
    const store = createEditorStore({ document: start, catalogue: aCatalogue, isReadOnly: true });
    expect(store.getState().actions.change({ kind: 'remove-step', id: 'clean' })).toContain('not change it');
    expect(store.getState().document).toBe(start);
  });

  it("takes the server's word only on the document it was about", () => {
    const { store, actions, start } = aStore();
    const { manifest } = store.getState();
    const problems = [{ code: 'server.says', message: 'No.' }];
    actions.change({ kind: 'remove-step', id: 'contact' });
    actions.confirm(start, { problems, manifest });
    expect(store.getState().problems).not.toBe(problems);
    actions.confirm(store.getState().document, { problems, manifest });
    expect(store.getState().problems).toBe(problems);
  });
});
