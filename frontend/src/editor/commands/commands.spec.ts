import { apply, emptyDocument } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { commands, keyOf } from './commands.js';
import { clipboardText, copySteps, duplicateSteps, pasteOperation, readClipboard } from './copy-steps.js';
import { levelToFill } from './level-to-fill.js';
import { nearestStep } from './nearest-step.js';
import { nextProblemStep } from './next-problem.js';

const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe('keys', () => {
  it('reads the same deed from Ctrl and ⌘, and a sign from its shift', () => {
    expect(keyOf({ ...none, key: 'Z', metaKey: true, shiftKey: true })).toBe('mod+shift+z');
    expect(keyOf({ ...none, key: 'z', ctrlKey: true })).toBe('mod+z');
    expect(keyOf({ ...none, key: '?', shiftKey: true })).toBe('?');
  });

  it('gives each deed a key that no other has', () => {
    const keys = commands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('goes from problem to problem and begins again', () => {
    const problems = ['a', 'b', 'b'].map((step) => ({ code: 'x', message: 'x', step }));
    expect(nextProblemStep(problems, undefined)).toBe('a');
    expect(nextProblemStep(problems, 'a')).toBe('b');
    expect(nextProblemStep(problems, 'b')).toBe('a');
    expect(nextProblemStep([{ code: 'x', message: 'x' }], 'a')).toBeNull();
  });

  it('goes to the nearest step ahead, straight before slanted', () => {
    const places = { a: [0, 0], below: [0, 160], aside: [200, 80], right: [260, 0] } as const;
    expect(nearestStep(places, 'a', 'down')).toBe('below');
    expect(nearestStep(places, 'a', 'right')).toBe('right');
    expect(nearestStep(places, 'a', 'up')).toBeNull();
  });
});

describe('copies', () => {
  const flow = aFlow({
    slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
    steps: [
      aTrigger,
      { id: 'a', kind: 'transform' },
      { id: 'b', kind: 'action', slot: 'crm', action: 'contacts.upsert' },
    ],
    edges: ['paid -> a', 'a -> b'],
  });

  it('carries steps, the wires between them and their slots, not the trigger', () => {
    const copied = copySteps(flow, ['paid', 'a', 'b']);
    expect(copied).toMatchObject({
      slots: { crm: { connector: 'hubspot' } },
      steps: [{ id: 'a' }, { id: 'b' }],
      edges: [{ from: 'a', to: 'b' }],
    });
    expect(Object.keys(copied?.slots ?? {})).toEqual(['crm']);
    expect(copied && readClipboard(clipboardText(copied))).toEqual(copied);
    expect(readClipboard('some text')).toBeNull();
  });

  it('carries a group all of whose steps are copied, the trigger apart, and takes a selected group for its steps', () => {
    const grouped = { ...flow, groups: [{ id: 'g', title: 'G', colour: 'red' as const, steps: ['paid', 'a', 'b'] }] };
    expect(copySteps(grouped, ['a'])?.groups).toEqual([]);
    const copied = copySteps(grouped, ['group:g']);
    expect(copied).toMatchObject({ steps: [{ id: 'a' }, { id: 'b' }], groups: [{ id: 'g', steps: ['a', 'b'] }] });
    const twice = duplicateSteps(grouped, ['group:g']).operation.reduce(apply, grouped);
    expect(twice.groups).toMatchObject([{ steps: ['paid', 'a', 'b'] }, { id: 'g_2', steps: ['a_2', 'b_2'] }]);
  });

  it('takes an exported flow, with its trigger where there is none yet', () => {
    const copied = readClipboard(JSON.stringify(flow));
    if (copied === null) throw new Error('An exported flow was not read');
    const idsAfter = (before: typeof flow) =>
      apply(before, pasteOperation(before, copied).operation).steps.map(({ id }) => id);
    expect(idsAfter(emptyDocument())).toEqual(['paid', 'a', 'b']);
    expect(idsAfter(flow)).toEqual(['paid', 'a', 'b', 'a_2', 'b_2']);
    expect(copySteps(flow, ['paid'])).toBeNull();
  });

  it('selects what a duplicate is called', () => {
    expect(duplicateSteps(flow, ['a', 'b']).select).toEqual(['a_2', 'b_2']);
  });

  const inner = { id: 'call', kind: 'action', slot: 'crm', action: 'contacts.upsert' };
  const looped = aFlow({
    slots: { crm: { connector: 'hubspot' } },
    steps: [aTrigger, { id: 'loop', kind: 'forEach', items: { $: 'trigger.body' }, steps: [inner], edges: [] }],
    layout: { paid: [0, 0], loop: [0, 80], call: [20, 60] },
  });

  it('takes along what is inside of a loop: its steps, their slots and their places', () => {
    expect(copySteps(looped, ['loop', 'call'])).toMatchObject({
      slots: { crm: { connector: 'hubspot' } },
      steps: [{ id: 'loop' }],
      layout: { loop: [0, 80], call: [20, 60] },
    });
    const { operation, select } = duplicateSteps(looped, ['loop']);
    expect(select).toEqual(['loop_2']);
    expect(operation.reduce(apply, looped).layout).toMatchObject({ loop_2: [40, 120], call_2: [20, 60] });
  });

  it('puts a copy into the loop that is selected, but a copy of a loop beside it', () => {
    const copied = copySteps(looped, ['call']);
    const here = { document: looped, selection: ['loop'], folded: new Set<string>() };
    expect(levelToFill(here)).toBe('loop');
    expect(levelToFill(here, ['loop'])).toBeNull();
    expect(levelToFill({ ...here, selection: ['call'] })).toBe('loop');
    const { operation } = pasteOperation(looped, copied ?? emptyDocument(), 'loop');
    expect(apply(looped, operation).steps[1]).toMatchObject({ steps: [{ id: 'call' }, { id: 'call_2' }] });
  });
});
