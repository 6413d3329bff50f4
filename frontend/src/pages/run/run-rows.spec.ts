import { describe, expect, it } from 'vitest';
import { aPass, aStep } from '../../../test/factories.js';
import { runRows } from './run-rows.js';
import { loopKeyOf, passWords } from './step-key.js';

const passes = { total: 9, begun: 9, failed: 1 };
const loop = aStep({ id: 'lines', kind: 'forEach', passes });
const last = aStep({ id: 'last' });
const inner = (key: string, more = {}) => aStep({ id: key.split('[')[0] ?? key, key, inside: 'lines', ...more });

describe('the lines of a run', () => {
  it('fold a loop to one, and list the steps of its opened pass below it', () => {
    const keys = (opened: Parameters<typeof runRows>[1]) => runRows([loop, last], opened).map(({ step }) => step.key);
    expect(keys([])).toEqual(['lines', 'last']);
    const pass = aPass({ at: '[3]', index: 3, steps: [inner('shape[3]'), inner('post[3]')] });
    expect(keys([{ loop: 'lines', pass }])).toEqual(['lines', 'shape[3]', 'post[3]', 'last']);
    expect(keys([{ loop: 'other', pass }])).toEqual(['lines', 'last']);
  });

  it('show below its loop what waits for somebody in any pass, once', () => {
    const asking = inner('post[7]', { status: 'in_doubt' });
    const rows = runRows([loop, last, asking], [{ loop: 'lines', pass: aPass({ at: '[7]', steps: [asking] }) }]);
    expect(rows.map(({ step, depth }) => [step.key, depth])).toEqual([
      ['lines', 0],
      ['post[7]', 1],
      ['last', 0],
    ]);
  });

  it('follow loops into loops', () => {
    const repeat = inner('again[0]', { kind: 'repeat', passes });
    const deep = aStep({ id: 'deep', key: 'deep[0.2]', inside: 'again' });
    const rows = runRows(
      [loop],
      [
        { loop: 'lines', pass: aPass({ at: '[0]', steps: [repeat] }) },
        { loop: 'again[0]', pass: aPass({ at: '[0.2]', steps: [deep] }) },
      ],
    );
    expect(rows.map(({ step, depth }) => [step.key, depth])).toEqual([
      ['lines', 0],
      ['again[0]', 1],
      ['deep[0.2]', 2],
    ]);
    expect([loopKeyOf(deep), loopKeyOf(repeat), loopKeyOf(loop)]).toEqual(['again[0]', 'lines', null]);
    expect([passWords('deep[0.2]'), passWords('lines')]).toEqual(['pass 1.3', null]);
  });
});
