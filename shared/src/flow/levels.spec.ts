import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { containersAround, everyLevel, findStep, levelOf } from './levels.js';

const each = { kind: 'forEach', items: { $: 'trigger.body' }, edges: [] };
const flow = aFlow({
  steps: [
    aTrigger,
    {
      ...each,
      id: 'outer',
      steps: [
        { id: 'one', kind: 'transform' },
        { ...each, id: 'inner', steps: [{ id: 'deep', kind: 'transform' }] },
      ],
    },
  ],
});

describe('the levels of a flow', () => {
  it('finds a step at any depth, and the containers around it from the outside in', () => {
    expect(findStep(flow, 'deep')?.id).toBe('deep');
    expect(findStep(flow, 'nowhere')).toBeUndefined();
    expect(containersAround(flow, 'deep').map(({ id }) => id)).toEqual(['outer', 'inner']);
    expect(containersAround(flow, 'outer')).toEqual([]);
  });

  it('says which steps an edge of a step could join', () => {
    expect(levelOf(flow, 'one').steps.map(({ id }) => id)).toEqual(['one', 'inner']);
    expect(levelOf(flow, 'paid')).toBe(flow);
    expect(everyLevel(flow).map(({ steps }) => steps.map(({ id }) => id))).toEqual([
      ['paid', 'outer'],
      ['one', 'inner'],
      ['deep'],
    ]);
  });
});
