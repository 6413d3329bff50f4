import { describe, expect, it } from 'vitest';
import { aFlow } from '../../test/a-flow.js';
import { renameReferences } from './rename-references.js';

const renames = new Map([['clean', 'tidy']]);

function renamed(value: unknown) {
  const [step] = aFlow({ steps: [{ id: 'it', kind: 'transform', input: { value } }] }).steps;
  if (step === undefined) throw new Error('no step');
  const after = renameReferences(step, renames);
  return { value: after.kind === 'transform' ? after.input['value'] : undefined, isShared: after === step };
}

describe('renaming what expressions read', () => {
  it.each([
    ['steps.clean.email', 'steps.tidy.email'],
    ['steps . clean', 'steps . tidy'],
    ['steps.`clean`.email & steps.cleaner.x', 'steps.`tidy`.email & steps.cleaner.x'],
    ['"steps.clean" & steps.clean.x', '"steps.clean" & steps.tidy.x'],
    ['/* steps.clean */ steps.clean', '/* steps.clean */ steps.tidy'],
    ["$lowercase(steps.clean.email) = 'steps.clean'", "$lowercase(steps.tidy.email) = 'steps.clean'"],
    ['trigger.body.lines.(sku & $$.steps.clean.x)', 'trigger.body.lines.(sku & $$.steps.tidy.x)'],
  ])('%s becomes %s', (before, after) => {
    expect(renamed({ $: before }).value).toEqual({ $: after });
  });

  it.each([
    'trigger.steps.clean',
    'trigger.body.clean',
    '"steps.clean"',
    'steps.cleaner',
    'trigger.body.lines[steps.clean = 1]',
    'steps.[clean',
    'mysteps.clean',
  ])('%s stays, and so does its step', (text) => {
    expect(renamed({ $: text })).toEqual({ value: { $: text }, isShared: true });
  });

  it('goes into templates and nested values, and leaves text alone', () => {
    expect(
      renamed(['steps.clean {{ steps.clean.a }} {{ "x" & steps.clean.b }}', { deep: { $: 'steps.clean' } }]).value,
    ).toEqual(['steps.clean {{ steps.tidy.a }} {{ "x" & steps.tidy.b }}', { deep: { $: 'steps.tidy' } }]);
  });
});
