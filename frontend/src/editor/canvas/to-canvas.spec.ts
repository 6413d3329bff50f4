import type { RunStep } from '@sluice/shared/api';
import { checkFlow, computeManifest, type FlowDocument } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { type StepNode, toCanvas } from './to-canvas.js';

const flow = aFlow({
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    aTrigger,
    {
      id: 'big',
      name: '100 EUR or more?',
      kind: 'branch',
      cases: [{ port: 'yes', when: { $: 'trigger.body.amount > 5' } }],
    },
    {
      id: 'contact',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: { $: 'trigger.body.email' } },
      onError: 'port',
    },
    { id: 'off', kind: 'stop', disabled: true },
  ],
  edges: ['paid -> big', 'big:yes -> contact', 'big:else -> off', 'contact:error -> off'],
  layout: { big: [40, 80] },
  notes: [{ id: 'n1', text: 'Cents', at: [300, 0] }],
});

function drawn(document: FlowDocument = flow, more: { selection?: string[]; run?: RunStep[] } = {}) {
  const canvas = toCanvas({
    document,
    catalogue: aCatalogue,
    problems: checkFlow(document, aCatalogue),
    manifest: computeManifest(document, aCatalogue),
    selection: more.selection ?? [],
    run: more.run ? new Map(more.run.map((step) => [step.id, step])) : null,
  });
  const steps = new Map(
    canvas.nodes.filter((node): node is StepNode => node.type === 'step').map((node) => [node.id, node]),
  );
  return { ...canvas, steps, wire: (id: string) => canvas.wires.find((wire) => wire.id === id) };
}

function aRunStep(id: string, more: Partial<RunStep>): RunStep {
  const none = { startedAt: null, endedAt: null, port: null, until: null, error: null, effect: null };
  return { id, kind: 'transform', name: null, status: 'succeeded', attempts: [], ...none, ...more };
}

describe('the document as a canvas', () => {
  it('says of each step what it is, what it uses and what it sends', () => {
    expect(drawn().steps.get('contact')?.data).toMatchObject({
      title: 'Create or change a contact',
      subtitle: 'HubSpot via crm',
      tile: 'hubspot',
      classes: ['personal'],
      ports: ['next'],
      hasErrorPort: true,
    });
    expect(drawn().steps.get('big')?.data).toMatchObject({ subtitle: '2 ways', ports: ['yes', 'else'], problems: [] });
    expect(drawn().steps.get('off')?.data).toMatchObject({ isDisabled: true, ports: [] });
    expect(drawn().steps.get('paid')?.data.label).toContain('leads to 100 EUR or more?');
  });

  it('derives ids of wires from what they join, and labels those of several ways', () => {
    expect(drawn().wires.map(({ id, data }) => [id, data?.label])).toEqual([
      ['paid:next->big', null],
      ['big:yes->contact', 'yes'],
      ['big:else->off', 'else'],
      ['contact:error->off', 'error'],
    ]);
  });

  it('puts a problem on the step it belongs to', () => {
    const broken = {
      ...flow,
      steps: flow.steps.map((step) =>
        step.id === 'contact' && step.kind === 'action' ? { ...step, input: {} } : step,
      ),
    };
    expect(drawn(broken).steps.get('contact')?.data.problems).toHaveLength(1);
    expect(drawn(broken).steps.get('big')?.data.problems).toEqual([]);
  });

  it('keeps places that are given and finds one for every other step', () => {
    const { steps } = drawn();
    expect(steps.get('big')?.position).toEqual({ x: 40, y: 80 });
    expect(new Set([...steps.values()].map(({ position }) => `${position.x},${position.y}`)).size).toBe(4);
  });

  it('lights the wires of the selected step', () => {
    const { wire, steps } = drawn(flow, { selection: ['big'] });
    expect(steps.get('big')?.selected).toBe(true);
    expect(wire('paid:next->big')?.data?.tone).toBe('selected');
    expect(wire('contact:error->off')?.data?.tone).toBe('error');
  });

  it('tells in a run what was taken, what was not, and what is not yet', () => {
    const { wire, steps } = drawn(flow, {
      run: [
        aRunStep('paid', { startedAt: '2026-11-20T10:00:00.000Z', endedAt: '2026-11-20T10:00:00.011Z', port: 'next' }),
        aRunStep('big', { startedAt: '2026-11-20T10:00:00.011Z', endedAt: '2026-11-20T10:00:00.012Z', port: 'yes' }),
        aRunStep('contact', { status: 'running', startedAt: '2026-11-20T10:00:00.012Z' }),
      ],
    });
    expect(wire('paid:next->big')?.data?.tone).toBe('taken');
    expect(wire('big:yes->contact')?.data?.tone).toBe('carrying');
    expect(wire('big:else->off')?.data?.tone).toBe('dead');
    expect(wire('contact:error->off')?.data?.tone).toBe('idle');
    expect(steps.get('paid')?.data.run).toMatchObject({ state: 'succeeded', main: '11 ms' });
    expect(steps.get('off')?.data.run).toMatchObject({ state: 'queued', main: 'Queued' });
  });
});
