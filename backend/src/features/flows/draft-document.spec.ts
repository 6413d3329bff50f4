import type { Json } from '@sluice/shared/lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/registry.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { acceptDraft, hashOf, readStored } from './draft-document.js';

const trigger = { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received' };
const aDraft = (input: Json, more: Readonly<Record<string, Json>> = {}): Json => ({
  schema: 'sluice.flow/1',
  steps: [trigger, { id: 'clean', kind: 'transform', input: { value: input } }],
  edges: [{ from: 'paid', to: 'clean' }],
  ...more,
});

function problemOf(given: Json): Problem {
  try {
    acceptDraft(given, anywhere);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

const anywhere = { boundaries: { answers: {}, environments: [] }, catalogue };

describe('acceptDraft', () => {
  it('takes a document, and the same as text', () => {
    const { document, hash } = acceptDraft(aDraft('x'), anywhere);
    expect(acceptDraft(JSON.stringify(aDraft('x')), anywhere).hash).toBe(hash);
    expect(hashOf(readStored(document))).toBe(hash);
  });

  it('takes an unfinished draft and says what is missing', () => {
    expect(acceptDraft({ schema: 'sluice.flow/1' }, anywhere).problems.map(({ code }) => code)).toContain(
      'flow.no_trigger',
    );
  });

  it.each([
    ['no JSON', '{', ''],
    ['no document', 'null', ''],
    ['a newer schema', { schema: 'sluice.flow/9' }, 'schema'],
    ['an unknown key', aDraft('x', { credentials: {} }), 'credentials'],
    [
      'a connection beside a slot',
      aDraft('x', { slots: { crm: { connector: 'hubspot', connection: 'x' } } }),
      'slots.crm.connection',
    ],
  ] satisfies [string, Json, string][])('refuses %s, with the place', (_, given, path) => {
    expect(problemOf(given)).toMatchObject({ code: 'flow.invalid_document', status: 422, issues: [{ path }] });
  });

  it('refuses a secret without repeating it', () => {
    const secret = `sk_${'live'}_4eC39HqLyjWDarjtT1zdp7dc`;
    const problem = problemOf(aDraft({ header: secret }));
    expect(problem).toMatchObject({
      code: 'flow.invalid_document',
      issues: [{ step: 'clean', path: 'input.value.header' }],
    });
    expect(JSON.stringify(problem)).not.toContain(secret);
  });

  it('F6: refuses the id of a connection anywhere in the document', () => {
    const id = newId('connection');
    const around = fc.constantFrom(
      (text: string): Json => text,
      (text: string): Json => ({ [text]: 1 }),
      (text: string): Json => ({ $: `"${text}"` }),
      (text: string): Json => `{{ trigger.body.id }} ${text}`,
      (text: string): Json => JSON.stringify({ credentials: { id: text } }),
    );
    const nested = fc.array(fc.constantFrom('list', 'object'), { maxLength: 6 });
    fc.assert(
      fc.property(around, nested, (hide, levels) => {
        const hidden = levels.reduce<Json>((inner, kind) => (kind === 'list' ? [0, inner] : { a: inner }), hide(id));
        expect(problemOf(aDraft(hidden))).toMatchObject({ code: 'flow.invalid_document' });
      }),
    );
    expect(problemOf(aDraft('x', { notes: [{ id: 'n', text: id, at: [0, 0] }] }))).toMatchObject({
      issues: [{ path: 'notes.0.text' }],
    });
    expect(problemOf(aDraft('x', { slots: { crm: { connector: id } } }))).toMatchObject({
      issues: [{ path: 'slots.crm.connector' }],
    });
  });

  it('leaves names alone that only begin like an id', () => {
    expect(() => acceptDraft(aDraft({ con_firstname: 'con_description_of_the_order' }), anywhere)).not.toThrow();
  });
});
