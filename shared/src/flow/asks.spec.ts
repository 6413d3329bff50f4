import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { checkFlow } from './check.js';
import { evaluateQuestion, evaluateState } from './evaluate-ask.js';
import { portsOf } from './graph.js';
import { startRun } from './next-steps.js';
import { compilePlan, getStep } from './plan.js';

const scope = {
  trigger: { body: { total: 250, name: 'Ada' } },
  flow: { id: 'flw_1', name: 'Orders' },
  run: { id: 'run_1' },
  environment: { name: 'dev' },
};

function before(step: object) {
  const document = aFlow({ steps: [aTrigger, { id: 'it', ...step }], edges: ['paid -> it'] });
  const plan = compilePlan(document);
  return { document, planned: getStep(plan, 'it'), scope: startRun(plan, scope).state.scope };
}
const problemsOf = (step: object) => checkFlow(before(step).document, aCatalogue).map(({ code }) => code);

describe('an approval', () => {
  it('puts a question and details before a person, and leaves by what was decided', () => {
    const { planned, scope: seen } = before({
      kind: 'approval',
      question: 'Pay {{ trigger.body.total }} to {{ trigger.body.name }}?',
      details: { total: { $: 'trigger.body.total' } },
    });
    expect(evaluateQuestion(planned.compiled, seen)).toEqual({ question: 'Pay 250 to Ada?', details: { total: 250 } });
    expect(portsOf(planned.step)).toEqual(['approved', 'refused']);
  });

  it('asks something', () => {
    expect(problemsOf({ kind: 'approval', question: ' ' })).toEqual(['approval.no_question']);
    const { planned, scope: seen } = before({ kind: 'approval', question: { $: 'trigger.body.none' } });
    expect(() => evaluateQuestion(planned.compiled, seen)).toThrow(
      expect.objectContaining({ code: 'approval.no_question' }),
    );
  });
});

describe('a state step', () => {
  it('reads its key, value and amount from the run', () => {
    const evaluate = (step: object) => {
      const { planned, scope: seen } = before({ kind: 'state', ...step });
      return evaluateState(planned.compiled, seen);
    };
    expect(evaluate({ operation: 'get', key: 'last {{ trigger.body.name }}' })).toEqual({
      key: 'last Ada',
      value: null,
      by: 1,
    });
    expect(evaluate({ operation: 'set', key: 'a', value: { $: 'trigger.body.total' } }).value).toBe(250);
    expect(evaluate({ operation: 'increment', key: 'a', by: { $: 'trigger.body.total' } }).by).toBe(250);
    for (const [step, code] of [
      [{ operation: 'get', key: { $: 'trigger.body.none' } }, 'state.key_invalid'],
      [{ operation: 'get', key: 'x'.repeat(201) }, 'state.key_invalid'],
      [{ operation: 'increment', key: 'a', by: 'many' }, 'state.by_invalid'],
    ] as const) {
      expect(() => evaluate(step)).toThrow(expect.objectContaining({ code }));
    }
  });

  it('is told what it lacks and what it has too much', () => {
    expect(problemsOf({ kind: 'state', operation: 'set', key: '' })).toEqual(['state.no_key', 'state.no_value']);
    expect(problemsOf({ kind: 'state', operation: 'get', key: 'a', value: 1, by: 1 })).toEqual([
      'state.unused',
      'state.unused',
    ]);
    expect(problemsOf({ kind: 'state', operation: 'increment', key: 'a' })).toEqual([]);
  });
});

it('wants a subflow to name a flow, and code to be written', () => {
  expect(problemsOf({ kind: 'subflow', flow: '' })).toEqual(['subflow.no_flow']);
  expect(problemsOf({ kind: 'code', source: '\n' })).toEqual(['code.empty']);
  expect(problemsOf({ kind: 'code', source: 'return 1' })).toEqual([]);
});

it.each(['callback', 'subflow', 'state', 'code', 'forEach', 'repeat'])(
  'may take the error port of a %s step',
  (kind) => {
    const needs = { flow: 'flw_1', operation: 'get', key: 'a', source: 'x', items: { $: '[]' }, until: { $: 'true' } };
    const own: Record<string, string[]> = {
      callback: [],
      subflow: ['flow'],
      state: ['operation', 'key'],
      code: ['source'],
      forEach: ['items'],
      repeat: ['until'],
    };
    const parts = Object.fromEntries(Object.entries(needs).filter(([name]) => own[kind]?.includes(name)));
    const inside = kind === 'forEach' || kind === 'repeat' ? { steps: [], edges: [] } : {};
    const { planned } = before({ kind, onError: 'port', ...parts, ...inside });
    expect(portsOf(planned.step)).toEqual(['next', 'error']);
  },
);
