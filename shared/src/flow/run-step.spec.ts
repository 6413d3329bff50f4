import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { startRun } from './next-steps.js';
import { evaluateInput, evaluatePureStep, evaluateRespond, evaluateStop, evaluateWait } from './evaluate-step.js';
import { compilePlan, getStep } from './plan.js';
import { isPure, settlementOfFailure } from './run-step.js';
import { StepFailure } from './step-failure.js';

const body = {
  customer: { email: 'Ada@Example.com' },
  amount: 12_500,
  lines: [],
  bad: 'a\r\nSet-Cookie: x=1',
  when: '2026-05-01T10:00:00+02:00',
};

/** A run that stands before its only step. */
function before(step: object) {
  const plan = compilePlan(aFlow({ steps: [aTrigger, { id: 'it', ...step }], edges: ['paid -> it'] }));
  const { state } = startRun(plan, {
    trigger: { body },
    flow: { id: 'flw_1', name: 'Orders' },
    run: { id: 'run_1' },
    environment: { name: 'dev' },
  });
  return { plan, state };
}

function runPure(step: object) {
  const { plan, state } = before(step);
  return evaluatePureStep(getStep(plan, 'it').compiled, state.scope);
}

function failureOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    return error instanceof StepFailure ? error.code : error;
  }
  return 'none';
}

describe('steps that only compute', () => {
  it('maps fields, with text, expressions and literals as they are written', () => {
    const input = {
      email: { $: '$lowercase(trigger.body.customer.email)' },
      total: { $: 'steps.paid.body.amount / 100' },
      note: '{{ flow.name }} in {{ environment.name }}: {{ run.id }}',
      fixed: [1, { $: 'trigger.body.amount' }],
    };

    expect(runPure({ kind: 'transform', input })).toMatchObject({
      status: 'succeeded',
      port: 'next',
      output: { email: 'ada@example.com', total: 125, note: 'Orders in dev: run_1', fixed: [1, 12_500] },
    });
  });

  it('does not evaluate what arrives from outside', () => {
    const { plan, state } = before({ kind: 'transform', input: { echo: { $: 'trigger.body' } } });
    Object.assign(body, { evil: '{{ flow.id }}', nested: { $: 'flow.id' } });

    expect(evaluatePureStep(getStep(plan, 'it').compiled, state.scope).output).toMatchObject({
      echo: { evil: '{{ flow.id }}', nested: { $: 'flow.id' } },
    });
  });

  it('filters by what holds', () => {
    const filter = (when: unknown) => runPure({ kind: 'filter', when });

    expect(filter({ $: 'trigger.body.amount > 100' })).toEqual({
      status: 'succeeded',
      port: 'next',
      output: { passed: true },
    });
    expect(filter({ $: 'trigger.body.amount < 100' })).toEqual({
      status: 'succeeded',
      port: null,
      output: { passed: false },
    });
    for (const nothing of [{ $: 'trigger.body.gone' }, { $: 'trigger.body.lines' }, { $: '0' }, { $: '""' }, false]) {
      expect(filter(nothing)).toMatchObject({ port: null });
    }
  });

  it('branches by the first case that holds, else by else', () => {
    const branch = (...cases: string[]) =>
      runPure({ kind: 'branch', cases: cases.map((text, index) => ({ port: `p${index}`, when: { $: text } })) });

    expect(branch('false', 'trigger.body.amount > 1', 'true')).toMatchObject({ port: 'p1', output: { port: 'p1' } });
    expect(branch('false', 'trigger.body.gone')).toMatchObject({ port: 'else', output: { port: 'else' } });
  });

  it('fails by the error of its expression', () => {
    expect(runPure({ kind: 'transform', input: { x: { $: '"a" * 2' } } })).toMatchObject({
      status: 'failed',
      port: null,
      error: { code: 'T2001', message: expect.stringMatching(/.+/) },
    });
  });

  it('knows which they are', () => {
    const flow = aFlow({
      slots: { out: { connector: 'http' } },
      steps: [
        aTrigger,
        { id: 'a', kind: 'transform' },
        { id: 'b', kind: 'filter', when: true },
        { id: 'c', kind: 'stop' },
        { id: 'd', kind: 'wait', seconds: 1 },
      ],
    });

    expect(flow.steps.filter(isPure).map((step) => step.id)).toEqual(['a', 'b']);
  });
});

describe('steps that act', () => {
  it('resolves what an action is called with, without the fields that have no value', () => {
    const call = (input: object) => {
      const { plan, state } = before({ kind: 'action', slot: 'crm', action: 'x', input });
      return evaluateInput(getStep(plan, 'it').compiled, state.scope);
    };

    expect(call({ email: { $: 'trigger.body.customer.email' }, gone: { $: 'trigger.body.gone' } })).toEqual({
      email: 'Ada@Example.com',
    });
    expect(failureOf(() => call({ x: { $: '-"a"' } }))).toBe('D1002');
  });

  it('waits for seconds, or until a time in UTC', () => {
    const wait = (step: object) => {
      const { plan, state } = before({ kind: 'wait', ...step });
      return evaluateWait(getStep(plan, 'it').compiled, state.scope);
    };

    expect(wait({ seconds: 90 })).toEqual({ seconds: 90 });
    expect(wait({ seconds: { $: 'trigger.body.amount / 100' } })).toEqual({ seconds: 125 });
    expect(wait({ until: { $: 'trigger.body.when' } })).toEqual({ until: '2026-05-01T08:00:00.000Z' });
    for (const seconds of ['-5', '"5"', 'trigger.body.gone', '1e10']) {
      expect(
        failureOf(() => wait({ seconds: { $: seconds } })),
        seconds,
      ).toBe('wait.seconds_invalid');
    }
    for (const until of ['"tomorrow"', '"2026-05-01T10:00:00"', '"2026-13-41T10:00:00Z"', '5', 'trigger.body.gone']) {
      expect(
        failureOf(() => wait({ until: { $: until } })),
        until,
      ).toBe('wait.until_invalid');
    }
  });

  it('answers with text headers only, so that no sender adds a header of their own', () => {
    const respond = (step: object) => {
      const { plan, state } = before({ kind: 'respond', ...step });
      return evaluateRespond(getStep(plan, 'it').compiled, state.scope);
    };

    expect(
      respond({
        status: 201,
        headers: { 'x-id': '{{ run.id }}', 'x-n': { $: '5' }, 'x-none': { $: 'trigger.body.gone' } },
        body: { ok: true },
      }),
    ).toEqual({
      status: 201,
      headers: { 'x-id': 'run_1', 'x-n': '5' },
      body: { ok: true },
    });
    expect(respond({})).toEqual({ status: 200, headers: {} });
    expect(failureOf(() => respond({ headers: { 'x-id': { $: 'trigger.body.bad' } } }))).toBe('respond.header_invalid');
    expect(failureOf(() => respond({ headers: { 'x-id': { $: 'trigger.body' } } }))).toBe('respond.header_invalid');
  });

  it('stops with an outcome, and a message in text', () => {
    const stop = (step: object) => {
      const { plan, state } = before({ kind: 'stop', ...step });
      return evaluateStop(getStep(plan, 'it').compiled, state.scope);
    };

    expect(stop({})).toEqual({ outcome: 'succeeded' });
    expect(stop({ outcome: 'failed', message: 'Only {{ trigger.body.amount }}' })).toEqual({
      outcome: 'failed',
      message: 'Only 12500',
    });
    expect(stop({ message: { $: '{"a": 1}' } })).toEqual({ outcome: 'succeeded', message: '{"a":1}' });
  });

  it.each([
    ['fail', null],
    ['port', { status: 'failed', port: 'error', output: { error: { code: 'c', message: 'm' } } }],
    ['continue', { status: 'failed', port: 'next' }],
  ])('settles a failure by onError %s', (onError, expected) => {
    const [step] = aFlow({ steps: [{ id: 'a', kind: 'action', slot: 's', action: 'x', onError }] }).steps;
    if (step === undefined) throw new Error('no step');
    const settlement = settlementOfFailure(step, { code: 'c', message: 'm' });

    if (expected === null) expect(settlement).toBeNull();
    else expect(settlement).toMatchObject(expected);
  });
});
