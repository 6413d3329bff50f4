import { apply, type Operation } from '@sluice/shared/flow';
import { expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { createEditorStore } from '../store/editor-store.js';
import { changeInWords } from './change-in-words.js';

const flow = aFlow({
  steps: [
    aTrigger,
    { id: 'clean', name: 'Clean up', kind: 'transform', input: {} },
    { id: 'large', name: 'Large?', kind: 'branch', cases: [{ port: 'large', when: true }] },
    { id: 'shape', name: 'Shape', kind: 'transform', input: {} },
  ],
  edges: ['paid -> clean', 'clean -> large'],
  layout: { paid: [0, 0], clean: [0, 100], large: [0, 200], shape: [0, 300] },
});
const receipt = { id: 'receipt', name: 'Receipt', kind: 'transform', input: {} } as const;

function wordsOf(...operations: Operation[]): string | null {
  return changeInWords(flow, operations.reduce(apply, flow), aCatalogue);
}

it.each<[string | null, Operation[]]>([
  ['Added Receipt.', [{ kind: 'add-step', step: receipt }]],
  [
    'Added Receipt after Large?.',
    [
      { kind: 'add-step', step: receipt },
      { kind: 'connect', edge: { from: 'large', port: 'large', to: 'receipt' } },
    ],
  ],
  ['Removed Shape.', [{ kind: 'remove-step', id: 'shape' }]],
  ['Removed Clean up, Large?, Shape.', ['clean', 'large', 'shape'].map((id) => ({ kind: 'remove-step', id }))],
  ['Connected Large?, else, to Shape.', [{ kind: 'connect', edge: { from: 'large', port: 'else', to: 'shape' } }]],
  ['Disconnected Clean up from Large?.', [{ kind: 'disconnect', edge: { from: 'clean', to: 'large' } }]],
  ['Moved Shape to 20, 300.', [{ kind: 'move-steps', to: { shape: [20, 300] } }]],
  ['Moved Large?, Shape, the first to 0, 220.', [{ kind: 'move-steps', to: { large: [0, 220], shape: [0, 320] } }]],
  ['Renamed to Shape.', [{ kind: 'rename-step', id: 'shape', to: 'form' }]],
  [
    'Grouped Clean up, Shape.',
    [{ kind: 'set-group', group: { id: 'g', title: '', colour: 'grey', steps: ['clean', 'shape'] } }],
  ],
  ['Added a note.', [{ kind: 'add-note', note: { id: 'n', text: '', at: [0, 0] } }]],
  [
    'Switched Shape off.',
    [{ kind: 'update-step', step: { id: 'shape', name: 'Shape', kind: 'transform', input: {}, disabled: true } }],
  ],
  [null, [{ kind: 'update-step', step: { id: 'shape', name: 'Shape', kind: 'transform', input: { a: 1 } } }]],
])('says %s', (words, operations) => {
  expect(wordsOf(...operations)).toBe(words);
});

it('says it of a step that had no place of its own too', () => {
  const store = createEditorStore({ document: { ...flow, layout: {} }, catalogue: aCatalogue });
  const before = store.getState().document;
  store.getState().actions.change({ kind: 'move-steps', to: { shape: [20, 300] } });
  expect(changeInWords(before, store.getState().document, aCatalogue)).toBe('Moved Shape to 20, 300.');
});
