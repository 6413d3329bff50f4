import type { AuditEntryBody } from '@sluice/shared/audit';
import { emptyDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { tellCalls } from './calls.js';
import { tellAround } from './passes.js';
import { RunLog } from './run-log.js';

const http = { kind: 'action', slot: 'api', action: 'request', input: {} };
const document = flowDocumentSchema.parse({
  ...emptyDocument(),
  slots: { api: { connector: 'http' } },
  steps: [
    { id: 'hook', kind: 'trigger', connector: 'webhook', trigger: 'received' },
    {
      id: 'lines',
      kind: 'forEach',
      items: { $: 'trigger.body' },
      steps: [
        {
          id: 'parts',
          kind: 'forEach',
          items: { $: 'item' },
          steps: [{ ...http, id: 'send', name: 'Send part' }],
          edges: [],
        },
      ],
      edges: [],
    },
  ],
  edges: [{ from: 'hook', to: 'lines' }],
});

let seconds = 0;
function entry(action: string, more: Partial<AuditEntryBody>): AuditEntryBody {
  seconds += 1;
  return {
    id: `ent_${seconds}`,
    at: new Date(seconds * 1000).toISOString(),
    actor: { kind: 'run', id: 'run_1' },
    action,
    workspace: 'wsp_1',
    run: 'run_1',
    ...more,
  };
}
const classes = { steps: new Map(), answer: new Map() };
const meant = {
  connection: 'con_1',
  grant: null,
  hosts: ['api.example.com'],
  call: 'POST /parts',
  effect: 'keyed',
  key: 'k1',
  scopes: ['send'],
};
const made = { host: 'api.example.com', method: 'POST', path: '/parts', status: 200, bytesSent: 2, bytesReceived: 3 };
const of = (pass: string, attempt = 1) => ({ step: 'send', pass, attempt });

describe('what left the building', () => {
  it('holds what passes of loops sent, and every call of an attempt', () => {
    const log = new RunLog([
      entry('step.intent', { ...of('0.0'), detail: meant }),
      entry('step.intent', { ...of('0.1'), detail: meant }),
      entry('step.outcome', { ...of('0.1'), detail: { status: 'succeeded', port: 'next', calls: [made, made] } }),
      entry('step.intent', { ...of('1.0'), detail: meant }),
      entry('step.in_doubt', { ...of('1.0'), detail: { status: 'in_doubt', calls: [] } }),
    ]);
    const right = { scopes: ['send'], effect: 'keyed', key: 'k1', classes: ['personal'] };
    const about = { ...right, name: 'Send part', attempt: 1, host: 'api.example.com', path: '/parts' };
    expect(tellCalls({ document, classes }, log)).toMatchObject([
      { ...about, step: 'send[0.0]', status: 'running', answer: null, bytes: null },
      { ...about, step: 'send[0.1]', status: 'succeeded', answer: 200, bytes: 5 },
      { ...about, step: 'send[0.1]', status: 'succeeded' },
      { ...about, step: 'send[1.0]', status: 'in_doubt', answer: null },
    ]);
  });

  it('leaves out what was put off or refused before anything was sent', () => {
    const log = new RunLog([
      entry('step.intent', { ...of('0.0'), detail: meant }),
      entry('step.outcome', { ...of('0.0'), detail: { status: 'failed', paused: true, calls: [] } }),
    ]);
    expect(tellCalls({ document, classes }, log)).toEqual([]);
  });
});

describe('the passes around a step', () => {
  const nothing = {
    event: () => undefined,
    input: () => undefined,
    output: () => undefined,
    error: () => undefined,
    console: () => undefined,
  };
  const log = new RunLog([entry('step.intent', { ...of('2.1'), detail: meant })]);
  const around = (key: string) => tellAround({ document, log, payloads: nothing }, key);

  it('are told from the outside in, each with its steps', () => {
    const [outer, inner, ...more] = around('send[2.1]');
    expect(more).toEqual([]);
    expect(outer).toMatchObject({ loop: 'lines', pass: { at: '[2]', index: 2 } });
    expect(inner).toMatchObject({ loop: 'parts[2]', pass: { at: '[2.1]', steps: [{ key: 'send[2.1]' }] } });
  });

  it.each(['send', 'send[1]', 'send[1.2.3]', 'send[x.y]', 'other[1.2]'])('are none for %s', (key) => {
    expect(() => around(key)).toThrow(`The run has no step ${key}.`);
  });
});
