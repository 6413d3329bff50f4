import type { RunStep } from '@sluice/shared/api';
import { checkFlow, computeManifest, type FlowDocument } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { aStep } from '../../../test/factories.js';
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

function drawn(document: FlowDocument = flow, more: { selection?: string[]; folded?: string[]; run?: RunStep[] } = {}) {
  const canvas = toCanvas({
    document,
    catalogue: aCatalogue,
    problems: checkFlow(document, aCatalogue),
    manifest: computeManifest(document, aCatalogue),
    selection: more.selection ?? [],
    folded: new Set(more.folded),
    run: more.run ? new Map(more.run.map((step) => [step.id, step])) : null,
  });
  const steps = new Map(
    canvas.nodes.filter((node): node is StepNode => node.type === 'step').map((node) => [node.id, node]),
  );
  return { ...canvas, steps, wire: (id: string) => canvas.wires.find((wire) => wire.id === id) };
}

function aRunStep(id: string, more: Partial<RunStep>): RunStep {
  const never = { startedAt: null, endedAt: null, port: null, input: undefined, output: undefined };
  return aStep({ id, key: id, kind: 'transform', name: null, ...never, ...more });
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

  const each = { kind: 'forEach', items: { $: 'trigger.body.lines' }, concurrency: 5 };
  const looped = aFlow({
    steps: [
      aTrigger,
      {
        ...each,
        id: 'lines',
        onError: 'port',
        steps: [
          { id: 'shape', kind: 'transform' },
          { id: 'post', kind: 'stop' },
        ],
        edges: [{ from: 'shape', to: 'post' }],
      },
      { id: 'ask', kind: 'approval', question: 'Go on?' },
      { id: 'end', kind: 'stop' },
    ],
    edges: ['paid -> lines', 'lines -> ask', 'ask:refused -> end'],
  });

  it('draws a loop as a frame around its steps, placed from its corner, with the wires inside', () => {
    const { nodes, wire } = drawn(looped);
    const [frame, shape] = ['lines', 'shape'].map((id) => nodes.find((node) => node.id === id));
    expect(frame).toMatchObject({ type: 'frame', width: 270, height: 208, data: { subtitle: '5 at once' } });
    expect(frame?.data).toMatchObject({ ports: ['next'], hasErrorPort: true });
    expect(shape).toMatchObject({ parentId: 'lines', position: { x: 20, y: 60 } });
    expect(shape?.ariaLabel).toContain('inside lines, step 3 of 6');
    expect(nodes.findIndex(({ id }) => id === 'lines')).toBeLessThan(nodes.findIndex(({ id }) => id === 'shape'));
    expect(wire('shape:next->post')?.data?.level).toBe('lines');
    expect(wire('ask:refused->end')?.data).toMatchObject({ level: null, label: 'refused' });
  });

  it('draws a folded loop as one step that says how many are in it', () => {
    const { nodes, steps, wire } = drawn(looped, { folded: ['lines'] });
    expect(steps.get('lines')?.data.subtitle).toBe('2 steps inside');
    expect(nodes.some(({ id }) => id === 'shape')).toBe(false);
    expect(wire('shape:next->post')).toBeUndefined();
  });

  it('counts passes on a loop that runs, and leaves the steps in it without a state', () => {
    const passes = { total: 5, begun: 3, failed: 1 };
    const { nodes } = drawn(looped, { run: [aRunStep('lines', { kind: 'forEach', status: 'running', passes })] });
    const runOf = (id: string) => {
      const data = nodes.find((node) => node.id === id)?.data;
      return data !== undefined && 'run' in data ? data.run : undefined;
    };
    expect(runOf('lines')).toMatchObject({ main: '3 of 5', more: '1 failed' });
    expect(runOf('shape')).toBeNull();
    expect(runOf('end')).toMatchObject({ state: 'queued' });
  });
});
