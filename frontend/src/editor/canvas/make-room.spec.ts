import { apply, type FlowDocument, type Operation } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { layOut } from './layout.js';
import { roomOperations } from './make-room.js';

const each = { kind: 'forEach', items: { $: 'trigger.body' } };
const flow = aFlow({
  steps: [
    aTrigger,
    {
      ...each,
      id: 'outer',
      steps: [
        { ...each, id: 'inner', steps: [{ id: 'deep', kind: 'transform' }], edges: [] },
        { id: 'next', kind: 'transform' },
      ],
      edges: [{ from: 'inner', to: 'next' }],
    },
    { id: 'after', kind: 'transform' },
    { id: 'aside', kind: 'stop' },
  ],
  edges: ['paid -> outer', 'outer -> after', 'paid -> aside'],
  layout: {
    paid: [0, 0],
    outer: [0, 80],
    inner: [20, 60],
    deep: [20, 60],
    next: [20, 220],
    after: [0, 400],
    aside: [400, 400],
  },
});

function changed(operation: Operation): FlowDocument {
  const after = apply(flow, operation);
  return roomOperations(flow, after).reduce<FlowDocument>(apply, after);
}

describe('a frame that grows', () => {
  it('moves what follows below it, on its level and on those around', () => {
    const { layout } = changed({ kind: 'move-steps', to: { deep: [20, 140] } });
    expect(layout).toMatchObject({ next: [20, 300], after: [0, 480], aside: [400, 400], paid: [0, 0] });
  });

  it('moves nothing that has room: a tidied flow stays as it was laid out', () => {
    const to = layOut(flow);
    expect(changed({ kind: 'move-steps', to }).layout).toEqual(to);
    const far = apply(flow, { kind: 'move-steps', to: { after: [0, 900] } });
    expect(roomOperations(far, apply(far, { kind: 'move-steps', to: { deep: [20, 140] } }))).toEqual([
      { kind: 'move-steps', to: { next: [20, 300] } },
    ]);
  });

  it('leaves everything in place when it only shrinks or grows to the side', () => {
    expect(changed({ kind: 'move-steps', to: { deep: [320, 60] } }).layout).toEqual({
      ...flow.layout,
      deep: [320, 60],
    });
    expect(changed({ kind: 'remove-step', id: 'next' }).layout['after']).toEqual([0, 400]);
  });
});
