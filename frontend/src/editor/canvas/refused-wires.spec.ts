import { checkFlow } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { refusedWires } from './refused-wires.js';
import { toCanvas } from './to-canvas.js';

const trigger = { ...aTrigger, config: { ...aTrigger.config, holds: { card: 'payment' } } };
const clean = { id: 'clean', kind: 'transform', input: { card: { $: 'trigger.body.card' }, name: 'x' } };
const pause = { id: 'pause', kind: 'wait', seconds: 1 };
const other = { id: 'other', kind: 'transform', input: {} };
const send = (card: object) => ({
  id: 'mail',
  kind: 'action',
  slot: 'mail',
  action: 'send',
  input: { to: { $: 'trigger.body.email' }, subject: 'Hi', text: card },
});
const slots = { mail: { connector: 'smtp' } };
const edges = ['paid -> clean', 'clean -> pause', 'paid -> other', 'pause -> mail', 'other -> mail'];

describe('wires that carry what may not arrive', () => {
  it('are those on the way from where the data comes to where it would go', () => {
    const document = aFlow({ slots, steps: [trigger, clean, pause, other, send({ $: 'steps.clean.card' })], edges });
    const problems = checkFlow(document, aCatalogue);

    expect([...refusedWires(document, problems)]).toEqual([
      ['paid:next->clean', 'payment'],
      ['clean:next->pause', 'payment'],
      ['pause:next->mail', 'payment'],
    ]);
    const drawing = {
      document,
      catalogue: aCatalogue,
      problems,
      manifest: null,
      selection: [],
      folded: new Set<string>(),
      run: null,
    };
    const wires = new Map(toCanvas(drawing).wires.map((wire) => [wire.id, wire]));
    expect(wires.get('pause:next->mail')).toMatchObject({
      data: { tone: 'refused', label: 'payment' },
      ariaLabel: expect.stringContaining('carries payment data where it may not go'),
    });
    expect(wires.get('other:next->mail')?.data).toMatchObject({ tone: 'idle', label: null });
  });

  it('are none where nothing is refused, and lead into a loop by its frame', () => {
    const allowed = aFlow({ slots, steps: [trigger, clean, pause, other, send({ $: 'steps.clean.name' })], edges });
    expect(refusedWires(allowed, checkFlow(allowed, aCatalogue)).size).toBe(0);

    const loop = {
      id: 'each',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      steps: [send({ $: 'steps.clean.card' })],
      edges: [],
    };
    const looped = aFlow({ slots, steps: [trigger, clean, loop], edges: ['paid -> clean', 'clean -> each'] });
    expect([...refusedWires(looped, checkFlow(looped, aCatalogue)).keys()]).toContain('clean:next->each');
  });
});
