import type { FlowDocument } from '@sluice/shared/flow';
import type { NodeChange } from '@xyflow/react';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { groupOperation, ungroupOperations } from '../commands/group-steps.js';
import { createEditorStore } from '../store/editor-store.js';
import { fitGroups, withHeld } from './drag-groups.js';
import { removeOperations } from './from-canvas.js';
import { othersAt } from './others-at.js';
import { type FlowNode, type GroupNode, toCanvas } from './to-canvas.js';

const each = { kind: 'forEach', items: { $: 'trigger.body' }, edges: [] };
const flow = aFlow({
  steps: [
    aTrigger,
    { id: 'big', kind: 'branch', cases: [{ port: 'yes', when: { $: 'gone' } }] },
    { ...each, id: 'loop', steps: [{ id: 'deep', kind: 'transform' }] },
    { id: 'end', kind: 'stop' },
  ],
  edges: ['paid -> big', 'big:yes -> loop', 'big:else -> end', 'loop -> end'],
  layout: { paid: [0, 0], big: [0, 100], loop: [0, 200], deep: [20, 60], end: [0, 400] },
  groups: [{ id: 'g', title: 'Lines', colour: 'teal', steps: ['big', 'loop'] }],
});

function drawn(document: FlowDocument, folded: string[] = []) {
  const problems = [{ code: 'x', message: 'Reads what is not there.', step: 'big' }];
  const state = { document, catalogue: aCatalogue, problems, manifest: null, selection: [], run: null };
  return toCanvas({ ...state, folded: new Set(folded) });
}
const groupIn = (nodes: readonly FlowNode[]) => nodes.find((node): node is GroupNode => node.type === 'stepGroup');
const ids = (nodes: readonly FlowNode[]) => nodes.map(({ id }) => id);

describe('a group on the canvas', () => {
  it('is a frame around its steps, in front of the first of them', () => {
    const { nodes } = drawn(flow);
    expect(ids(nodes)).toEqual(['paid', 'group:g', 'big', 'loop', 'deep', 'end']);
    expect(groupIn(nodes)).toMatchObject({
      position: { x: -20, y: 80 },
      width: 310,
      height: 260,
      ariaLabel: 'Group Lines, 2 steps',
      data: { title: 'Lines', colour: 'teal', ports: [], problems: [] },
    });
  });

  it('is one card when it is folded, with a port for each way out and what is wrong inside', () => {
    const { nodes, wires } = drawn(flow, ['group:g']);
    expect(ids(nodes)).toEqual(['paid', 'end', 'group:g']);
    expect(groupIn(nodes)).toMatchObject({
      width: 230,
      data: { ports: ['big:else', 'loop:next'], problems: ['Reads what is not there.'] },
    });
    expect(
      wires.map(({ id, source, sourceHandle, target, data }) => [id, source, sourceHandle, target, data?.label]),
    ).toEqual([
      ['paid:next->big', 'paid', 'next', 'group:g', null],
      ['big:else->end', 'group:g', 'big:else', 'end', 'else'],
      ['loop:next->end', 'group:g', 'loop:next', 'end', null],
    ]);
  });

  it('takes its steps along when it is dragged, once, and follows one that is dragged alone', () => {
    const { nodes } = drawn(flow);
    const move = (id: string, x: number, y: number): NodeChange<FlowNode> => ({
      id,
      type: 'position',
      position: { x, y },
    });
    expect(withHeld(nodes, [move('group:g', 80, 100)])).toEqual([
      move('group:g', 80, 100),
      move('big', 100, 120),
      move('loop', 100, 220),
    ]);
    expect(withHeld(nodes, [move('group:g', 80, 100), move('big', 1, 1), move('loop', 2, 2)])).toHaveLength(3);
    const apart = nodes.map((node) => (node.id === 'big' ? { ...node, position: { x: 400, y: 100 } } : node));
    expect(groupIn(fitGroups(apart))).toMatchObject({ position: { x: -20, y: 80 }, width: 670 });
    expect(fitGroups(nodes).every((node, at) => node === nodes[at])).toBe(true);
  });
});

describe('what others have selected', () => {
  const at = (step: string | null, name: string) => ({ step, member: { name } });
  const seen = (...folded: string[]) => [
    ...othersAt(flow, new Set(folded), [at('deep', 'Ada'), at('deep', 'Lin'), at('deep', 'Ada'), at(null, 'Bo')]),
  ];

  it('is shown at the step, or at the loop or card that hides it', () => {
    expect(seen()).toEqual([['deep', ['Ada', 'Lin']]]);
    expect(seen('loop')).toEqual([['loop', ['Ada', 'Lin']]]);
    expect(seen('loop', 'group:g')).toEqual([['group:g', ['Ada', 'Lin']]]);
  });

  it('is said with the step', () => {
    const others = new Map([['big', ['Ada', 'Lin']]]);
    const state = { document: flow, catalogue: aCatalogue, problems: [], manifest: null, selection: [], run: null };
    const { nodes } = toCanvas({ ...state, folded: new Set(), others });
    expect(nodes.find(({ id }) => id === 'big')).toMatchObject({
      data: { others: ['Ada', 'Lin'] },
      ariaLabel: expect.stringMatching(/, Ada and Lin are here$/),
    });
  });
});

describe('grouping', () => {
  const open = (document: FlowDocument) => createEditorStore({ document, catalogue: aCatalogue });

  it('makes a group, adds to one, and lets steps go, all undone by one press', () => {
    const store = open({ ...flow, groups: [] });
    const { actions } = store.getState();
    const groups = () => store.getState().document.groups.map(({ steps }) => steps.join());
    const group = (...selection: string[]) => {
      const made = groupOperation(store.getState().document, selection);
      return made && actions.change(made.operation, { select: [made.select] });
    };
    expect(group('paid:next->big')).toBeNull();
    group('big');
    expect(groups()).toEqual(['big']);
    group(...store.getState().selection, 'end', 'loop', 'deep');
    expect(groups()).toEqual(['big,end,loop']);
    actions.change(ungroupOperations(store.getState().document, ['end']));
    expect(groups()).toEqual(['big,loop']);
    actions.change(ungroupOperations(store.getState().document, store.getState().selection));
    expect(groups()).toEqual([]);
    actions.undo();
    expect(groups()).toEqual(['big,loop']);
    expect(group('deep')).toContain('Group the loop instead');
  });

  it('is opened around a step that is to be seen, and goes with its steps', () => {
    const store = open(flow);
    const { actions } = store.getState();
    actions.fold('group:g');
    actions.fold('loop');
    actions.reveal('deep');
    expect([...store.getState().folded]).toEqual([]);
    actions.change(removeOperations(flow, ['group:g']));
    expect(store.getState().document).toMatchObject({ groups: [], steps: [{ id: 'paid' }, { id: 'end' }] });
  });

  it('changes neither problems nor manifest', () => {
    const store = open(flow);
    const { problems, manifest } = store.getState();
    store.getState().actions.change({ kind: 'remove-group', id: 'g' });
    expect(store.getState().problems).toBe(problems);
    expect(store.getState().manifest).toBe(manifest);
  });
});
