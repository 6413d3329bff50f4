import { canonicalJson } from '@sluice/shared/audit';
import type { Json } from '@sluice/shared/lib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entryText } from './entry-text.js';
import type { NewEntry } from './records.js';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const time = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });

const entries: fc.Arbitrary<Omit<NewEntry, 'at'>> = fc.record(
  {
    workspace: fc.option(text),
    actor: fc.record(
      { kind: fc.constantFrom('member', 'run', 'endpoint', 'system', 'token', 'visitor'), id: text, name: text },
      { requiredKeys: ['kind', 'id'] },
    ),
    action: text,
    subject: fc.record({ kind: text, id: text }),
    environment: text,
    run: text,
    step: text,
    pass: text,
    attempt: fc.nat(),
    requestId: text,
    detail: fc.dictionary(text, fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' })) as fc.Arbitrary<
      Record<string, Json>
    >,
  },
  { requiredKeys: ['workspace', 'actor', 'action'] },
) as fc.Arbitrary<Omit<NewEntry, 'at'>>;

it('is the canonical JSON of every entry', () => {
  fc.assert(
    fc.property(entries, time, (entry, date) => {
      const [id, at] = ['ent_1', date.toISOString()];
      const whole = { ...entry, id, at, workspace: entry.workspace ?? 'house' };
      expect(entryText(entry, { id, at })).toBe(canonicalJson(whole));
    }),
  );
});

it.each([
  ['half a surrogate pair', { action: '\ud800' }],
  ['NaN', { attempt: Number.NaN }],
])('refuses %s, as canonical JSON does', (_name, more) => {
  const entry: NewEntry = { workspace: null, actor: { kind: 'system', id: 'test' }, action: 'test.happened', ...more };
  expect(() => entryText(entry, { id: 'ent_1', at: '2026-11-22T10:11:12.123Z' })).toThrow(TypeError);
});
