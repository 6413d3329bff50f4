import { apply, type FlowDocument, type Operation } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { edgeId } from './canvas-ids.js';
import { connectOperation, moveOperations, removeOperations } from './from-canvas.js';
import { relevelOperations, takeOutOperations } from './relevel.js';

const flow = aFlow({
  steps: [
    aTrigger,
    { id: 'a', kind: 'transform' },
    { id: 'big', kind: 'branch', cases: [{ port: 'yes', when: true }] },
    { id: 'b', kind: 'transform' },
    { id: 'c', kind: 'transform' },
  ],
  edges: ['paid -> a', 'a -> big', 'big:yes -> b', 'b -> c', 'big:else -> c'],
  layout: { a: [0, 0], b: [100, 100] },
  notes: [{ id: 'n', text: 'Hi', at: [0, 0] }],
});

function after(operations: readonly Operation[], before = flow): FlowDocument {
  return operations.reduce<FlowDocument>(apply, before);
}

describe('what the canvas reports, as operations', () => {
  it('names a port only where it is not the usual one', () => {
    expect(connectOperation({ source: 'a', sourceHandle: 'next', target: 'b' })).toEqual({
      kind: 'connect',
      edge: { from: 'a', to: 'b' },
    });
    expect(connectOperation({ source: 'big', sourceHandle: 'else', target: 'b' })).toMatchObject({
      edge: { port: 'else' },
    });
  });

  it('moves steps on the grid in one operation, notes apart, and nothing that stayed', () => {
    const moved = [
      { id: 'a', position: { x: 4, y: 3 } },
      { id: 'b', position: { x: 131, y: 98 } },
      { id: 'note:n', position: { x: 60, y: 0 } },
    ];
    expect(moveOperations(flow, moved)).toEqual([
      { kind: 'move-steps', to: { b: [140, 100] } },
      { kind: 'update-note', note: { id: 'n', text: 'Hi', at: [60, 0] } },
    ]);
    expect(moveOperations(flow, [{ id: 'a', position: { x: 0, y: 0 } }])).toEqual([]);
  });

  it('joins the two around a removed step, by the port that led to it', () => {
    expect(after(removeOperations(flow, ['b'])).edges.map(edgeId)).toEqual([
      'paid:next->a',
      'a:next->big',
      'big:else->c',
      'big:yes->c',
    ]);
  });

  it('joins nothing where several ways met', () => {
    expect(after(removeOperations(flow, ['big'])).edges.map(edgeId)).toEqual(['paid:next->a', 'b:next->c']);
  });

  it('removes steps, wires and notes together', () => {
    const left = after(removeOperations(flow, ['a', 'b', 'b:next->c', 'big:else->c', 'note:n']));
    expect(left.steps.map(({ id }) => id)).toEqual(['paid', 'big', 'c']);
    expect(left.edges).toEqual([]);
    expect(left.notes).toEqual([]);
  });

  const each = { kind: 'forEach', items: { $: 'trigger.body' } };
  const line = ['one', 'two', 'three'].map((id) => ({ id, kind: 'transform', input: { x: { $: 'steps.a' } } }));
  const looped = aFlow({
    steps: [
      aTrigger,
      { id: 'a', kind: 'transform' },
      {
        ...each,
        id: 'loop',
        steps: line,
        edges: [
          { from: 'one', to: 'two' },
          { from: 'two', to: 'three' },
        ],
      },
      { id: 'z', kind: 'transform' },
    ],
    edges: ['paid -> a', 'a -> loop', 'loop -> z'],
    layout: { one: [20, 60], two: [20, 140], three: [20, 220], loop: [0, 160] },
  });
  const insideOf = (flowAfter: FlowDocument) => flowAfter.steps.find(({ id }) => id === 'loop');

  it('joins the two around a step removed from a loop, and takes a loop with all that is selected in it', () => {
    expect(insideOf(after(removeOperations(looped, ['two']), looped))).toMatchObject({
      edges: [{ from: 'one', to: 'three' }],
    });
    const left = after(removeOperations(looped, ['loop', 'one', 'one:next->two']), looped);
    expect(left.steps.map(({ id }) => id)).toEqual(['paid', 'a', 'z']);
    expect(left.edges.map(edgeId)).toEqual(['paid:next->a', 'a:next->z']);
  });

  it('puts a step into a loop, off its head, with what it reads; and takes one out', () => {
    const into = after(relevelOperations(looped, 'z', { level: 'loop', at: [-31, 8] }), looped);
    expect(insideOf(into)).toMatchObject({ steps: [{}, {}, {}, { id: 'z' }] });
    expect(into.layout['z']).toEqual([20, 60]);
    const out = after(takeOutOperations(looped, 'two'), looped);
    expect(out.steps.at(-1)).toMatchObject({ id: 'two', input: { x: { $: 'steps.a' } } });
    expect(out.layout['two']).toEqual([300, 160]);
    expect(insideOf(out)).toMatchObject({ edges: [{ from: 'one', to: 'three' }] });
  });

  it('keeps the places inside of a loop that goes into another', () => {
    const two = aFlow({
      steps: [
        aTrigger,
        { ...each, id: 'outer', steps: [], edges: [] },
        { ...each, id: 'inner', steps: line, edges: [] },
      ],
      layout: { one: [20, 60], two: [40, 140] },
    });
    const moved = after(relevelOperations(two, 'inner', { level: 'outer', at: [20, 60] }), two);
    expect(moved.layout).toMatchObject({ one: [20, 60], two: [40, 140], inner: [20, 60] });
  });
});
