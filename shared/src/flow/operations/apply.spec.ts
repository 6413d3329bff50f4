import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, anEdge, arbitraryFlow, aTrigger } from '../../../test/a-flow.js';
import { arbitraryOperation } from '../../../test/an-operation.js';
import { type FlowDocument, flowDocumentSchema, limits } from '../document.js';
import { everyStep, findCycle, type Graph, portOf, portsOf } from '../graph.js';
import { apply, type Operation, operationSchema } from './apply.js';
import { OperationRefused } from './operation-refused.js';

const flow = aFlow({
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    aTrigger,
    { id: 'clean', kind: 'transform', input: { email: { $: 'trigger.body.email' } } },
    { id: 'big', kind: 'branch', cases: [{ port: 'large', when: { $: 'steps.clean.total > 5' } }] },
    {
      id: 'contact',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: '{{ steps.clean.email }}' },
      onError: 'port',
    },
  ],
  edges: ['paid -> clean', 'clean -> big', 'big:large -> contact'],
  layout: { clean: [10, 20], contact: [30, 40] },
});

function applied(operation: object, document: FlowDocument = flow) {
  return apply(document, operationSchema.parse(operation));
}

function codeOf(operation: object, document: FlowDocument = flow) {
  try {
    applied(operation, document);
  } catch (error) {
    return error instanceof OperationRefused ? error.code : error;
  }
  return 'applied';
}

const edgesOf = (document: Graph) => document.edges.map((edge) => `${edge.from}:${portOf(edge)} -> ${edge.to}`);

describe('operations on a flow', () => {
  it.each([
    ['flow.duplicate_step_id', { kind: 'add-step', step: { id: 'clean', kind: 'stop' } }],
    ['step.unknown', { kind: 'add-step', step: { id: 'a', kind: 'stop' }, inside: 'gone' }],
    ['step.no_container', { kind: 'add-step', step: { id: 'a', kind: 'stop' }, inside: 'clean' }],
    ['step.unknown', { kind: 'remove-step', id: 'gone' }],
    ['step.unknown', { kind: 'move-steps', to: { gone: [0, 0] } }],
    ['flow.duplicate_step_id', { kind: 'rename-step', id: 'clean', to: 'big' }],
    ['step.kind_changed', { kind: 'update-step', step: { id: 'clean', kind: 'stop' } }],
    ['edge.would_make_circle', { kind: 'connect', edge: { from: 'big', port: 'else', to: 'clean' } }],
    ['edge.would_make_circle', { kind: 'connect', edge: { from: 'clean', to: 'clean' } }],
    ['edge.duplicate', { kind: 'connect', edge: { from: 'paid', port: 'next', to: 'clean' } }],
    ['edge.unknown_port', { kind: 'connect', edge: { from: 'big', to: 'contact' } }],
    ['edge.into_trigger', { kind: 'connect', edge: { from: 'contact', to: 'paid' } }],
    ['edge.unknown', { kind: 'disconnect', edge: { from: 'paid', to: 'big' } }],
    ['edge.unknown', { kind: 'insert-on-edge', edge: { from: 'paid', to: 'big' }, step: { id: 'a', kind: 'stop' } }],
    ['slot.in_use', { kind: 'remove-slot', name: 'crm' }],
    ['slot.unknown', { kind: 'remove-slot', name: 'constructor' }],
    ['note.unknown', { kind: 'remove-note', id: 'n' }],
    ['group.unknown', { kind: 'remove-group', id: 'g' }],
    ['step.unknown', { kind: 'set-group', group: { id: 'g', title: '', steps: ['gone'] } }],
  ])('refuses with %s: %j', (code, operation) => {
    expect(codeOf(operation)).toBe(code);
  });

  it('removes a step with its edges and its place', () => {
    const after = applied({ kind: 'remove-step', id: 'clean' });

    expect(edgesOf(after)).toEqual(['big:large -> contact']);
    expect(after.layout).toEqual({ contact: [30, 40] });
  });

  it('renames a step everywhere it is meant', () => {
    const after = applied({ kind: 'rename-step', id: 'clean', to: 'tidy' });

    expect(edgesOf(after)).toEqual(['paid:next -> tidy', 'tidy:next -> big', 'big:large -> contact']);
    expect(after.layout).toEqual({ tidy: [10, 20], contact: [30, 40] });
    expect(after.steps[2]).toMatchObject({ cases: [{ when: { $: 'steps.tidy.total > 5' } }] });
    expect(after.steps[3]).toMatchObject({ input: { email: '{{ steps.tidy.email }}' } });
    expect(after.steps[0]).toBe(flow.steps[0]);
  });

  it('keeps edges on a port that was renamed, and drops those of a port that is gone', () => {
    const renamed = applied({
      kind: 'update-step',
      step: { id: 'big', kind: 'branch', cases: [{ port: 'huge', when: true }] },
    });
    const wired = applied(
      { kind: 'connect', edge: { from: 'contact', port: 'error', to: 'end' } },
      applied({ kind: 'add-step', step: { id: 'end', kind: 'stop' } }),
    );
    const failing = applied({ kind: 'update-step', step: { ...wired.steps[3], onError: 'fail' } }, wired);

    expect(edgesOf(renamed)).toContain('big:huge -> contact');
    expect(edgesOf(wired)).toContain('contact:error -> end');
    expect(edgesOf(failing)).toEqual(edgesOf(flow));
  });

  it('puts a step on an edge', () => {
    const step = { id: 'check', kind: 'branch', cases: [{ port: 'yes', when: true }] };
    const after = applied({ kind: 'insert-on-edge', edge: { from: 'clean', to: 'big' }, step, at: [5, 5] });

    expect(edgesOf(after)).toEqual([
      'paid:next -> clean',
      'big:large -> contact',
      'clean:next -> check',
      'check:yes -> big',
    ]);
    expect(after.layout).toMatchObject({ check: [5, 5] });
  });

  it('pastes steps under new names, with what they read of each other', () => {
    const after = applied({
      kind: 'paste-steps',
      slots: { crm: { connector: 'salesforce' } },
      steps: [flow.steps[1], flow.steps[3]],
      edges: [anEdge('clean -> contact'), anEdge('paid -> clean')],
      layout: { clean: [100, 100] },
    });

    expect(after.steps.slice(4)).toMatchObject([
      { id: 'clean_2', input: { email: { $: 'trigger.body.email' } } },
      { id: 'contact_2', slot: 'crm_2', input: { email: '{{ steps.clean_2.email }}' } },
    ]);
    expect(edgesOf(after).slice(3)).toEqual(['clean_2:next -> contact_2']);
    expect(after.slots).toEqual({ crm: { connector: 'hubspot' }, crm_2: { connector: 'salesforce' } });
    expect(after.layout).toMatchObject({ clean: [10, 20], clean_2: [100, 100] });
  });

  it('pastes steps into a container, with the edges between them', () => {
    const loop = { id: 'loop', kind: 'forEach', items: { $: 'trigger.body' }, steps: [], edges: [] };
    const pasted = { slots: {}, steps: [flow.steps[1], loop], edges: [anEdge('clean -> loop')], layout: {} };
    const after = applied(
      { kind: 'paste-steps', ...pasted, inside: 'loop' },
      applied({ kind: 'add-step', step: loop }),
    );

    expect(after.steps.at(-1)).toMatchObject({
      id: 'loop',
      steps: [{ id: 'clean_2' }, { id: 'loop_2' }],
      edges: [{ from: 'clean_2', to: 'loop_2' }],
    });
  });

  it('changes steps and edges inside of a container', () => {
    const loop = {
      id: 'loop',
      kind: 'forEach',
      items: { $: 'trigger.body' },
      steps: [{ id: 'one', kind: 'transform' }],
      edges: [],
    };
    const steps = [
      { kind: 'add-step', step: loop },
      { kind: 'add-step', step: { id: 'two', kind: 'transform', input: { x: { $: 'steps.one.x' } } }, inside: 'loop' },
      { kind: 'connect', edge: { from: 'one', to: 'two' } },
      { kind: 'insert-on-edge', edge: { from: 'one', to: 'two' }, step: { id: 'between', kind: 'transform' } },
      { kind: 'rename-step', id: 'one', to: 'first' },
      { kind: 'disconnect', edge: { from: 'between', to: 'two' } },
      { kind: 'update-step', step: { id: 'between', kind: 'transform', name: 'Between' } },
    ].reduce((document, operation) => applied(operation, document), flow).steps;

    expect(steps[4]).toMatchObject({
      steps: [{ id: 'first' }, { id: 'two', input: { x: { $: 'steps.first.x' } } }, { id: 'between', name: 'Between' }],
      edges: [{ from: 'first', to: 'between' }],
    });
    expect(codeOf({ kind: 'connect', edge: { from: 'first', to: 'clean' } }, { ...flow, steps })).toBe(
      'edge.unknown_step',
    );
  });

  it('keeps a step in one group at most, and a group for as long as it holds a step', () => {
    const group = (id: string, ...steps: string[]) => ({ kind: 'set-group', group: { id, title: id, steps } });
    const groupsOf = (document: FlowDocument) => document.groups.map(({ id, steps }) => `${id}: ${steps.join()}`);
    const two = applied(group('b', 'big', 'contact'), applied(group('a', 'clean', 'big')));
    expect(groupsOf(two)).toEqual(['a: clean', 'b: big,contact']);
    expect(groupsOf(applied({ kind: 'rename-step', id: 'clean', to: 'tidy' }, two))).toEqual([
      'a: tidy',
      'b: big,contact',
    ]);
    expect(groupsOf(applied({ kind: 'remove-step', id: 'clean' }, two))).toEqual(['b: big,contact']);
    expect(applied({ kind: 'remove-group', id: 'b' }, two)).toEqual(applied(group('a', 'clean')));
    const between = {
      kind: 'insert-on-edge',
      edge: { from: 'big', port: 'large', to: 'contact' },
      step: { id: 'pause', kind: 'transform' },
    };
    expect(groupsOf(applied(between, two))).toEqual(['a: clean', 'b: big,contact,pause']);
  });

  it('pastes steps with their group, which gets a name of its own; not into a loop', () => {
    const grouped = applied({ kind: 'set-group', group: { id: 'g', title: 'G', steps: ['clean'] } });
    const { steps, groups } = grouped;
    const paste = {
      kind: 'paste-steps',
      slots: {},
      steps: steps.filter(({ id }) => id === 'clean'),
      edges: [],
      layout: {},
      groups,
    };
    expect(applied(paste, grouped).groups).toEqual([
      { id: 'g', title: 'G', colour: 'grey', steps: ['clean'] },
      { id: 'g_2', title: 'G', colour: 'grey', steps: ['clean_2'] },
    ]);
    const loop = { id: 'loop', kind: 'forEach', items: { $: 'trigger.body' }, steps: [], edges: [] };
    const withLoop = applied({ kind: 'add-step', step: loop }, grouped);
    const inside = applied({ ...paste, inside: 'loop' }, withLoop);
    expect(inside.groups).toEqual(grouped.groups);
    expect(codeOf({ kind: 'set-group', group: { id: 'h', title: '', steps: ['clean_2'] } }, inside)).toBe(
      'group.inside_loop',
    );
  });

  it('shares what stays the same', () => {
    const after = applied({ kind: 'move-steps', to: { clean: [0, 0] } });

    expect(after.steps).toBe(flow.steps);
    expect(after.edges).toBe(flow.edges);
  });

  it('refuses to grow past the limit', () => {
    const full = aFlow({ steps: Array.from({ length: limits.steps }, (_, i) => ({ id: `t${i}`, kind: 'transform' })) });

    expect(codeOf({ kind: 'add-step', step: { id: 'more', kind: 'stop' } }, full)).toBe('flow.too_large');
  });

  it('keeps any flow valid through any operations, and never changes the flow before', () => {
    fc.assert(
      fc.property(arbitraryFlow, fc.array(arbitraryOperation, { maxLength: 12 }), (start, operations) => {
        let document = start;
        for (const operation of operations) {
          const before = JSON.stringify(document);
          const after = applyOrStay(document, operation);
          expect(JSON.stringify(document)).toBe(before);
          document = after;
        }

        expect(flowDocumentSchema.parse(document)).toEqual(document);
        expectSound(document);
      }),
      { numRuns: 500 },
    );
  });
});

/** A refused operation leaves the document as it was; any other error is a bug. */
function applyOrStay(document: FlowDocument, operation: Operation): FlowDocument {
  try {
    return apply(document, operation);
  } catch (error) {
    if (error instanceof OperationRefused) return document;
    throw error;
  }
}

/** What no operation breaks: ids are one of a kind, edges join steps by ports they have, places belong to steps. */
function expectSound(document: FlowDocument): void {
  const all = [...everyStep(document)];
  const ids = all.map((step) => step.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Object.keys(document.layout)));
  const graphs: Graph[] = [document, ...all.filter((step) => step.kind === 'forEach')];
  for (const graph of graphs) {
    expect(findCycle(graph)).toBeNull();
    for (const edge of graph.edges) {
      const from = graph.steps.find((step) => step.id === edge.from);
      expect(from && portsOf({ ...from, disabled: false })).toContain(portOf(edge));
      expect(graph.steps.some((step) => step.id === edge.to)).toBe(true);
    }
  }
}
