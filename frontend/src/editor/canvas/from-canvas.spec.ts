import { apply, type FlowDocument, type Operation } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { edgeId } from './canvas-ids.js';
import { connectOperation, moveOperations, removeOperations } from './from-canvas.js';

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

function after(operations: readonly Operation[]): FlowDocument {
  return operations.reduce<FlowDocument>(apply, flow);
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
});
