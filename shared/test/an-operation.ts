import fc from 'fast-check';
import { type Operation, operationSchema } from '../src/flow/operations/apply.js';

// Few names, so that operations meet each other: most of them fit, many don't.
const id = fc.constantFrom('s0', 's1', 's2', 's3', 's4', 'new1', 'new2', 'loop');
const slot = fc.constantFrom('out', 'crm', 'mail');
const at = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }));
const reads = id.map((name) => ({ $: `steps.${name}.value + 1` }));

const simpleStep = fc.oneof(
  fc.record({
    id,
    kind: fc.constant('transform'),
    input: fc.record({ x: reads, y: id.map((name) => `{{ steps.${name} }} steps.${name}`) }),
  }),
  fc.record({
    id,
    kind: fc.constant('branch'),
    cases: fc
      .subarray(['yes', 'no', 'maybe'], { minLength: 1 })
      .map((ports) => ports.map((port) => ({ port, when: true }))),
  }),
  fc.record({
    id,
    kind: fc.constant('action'),
    slot,
    action: fc.constant('request'),
    onError: fc.constantFrom('fail', 'port'),
  }),
  fc.record({ id, kind: fc.constant('stop'), message: reads }),
);
const step = fc.oneof(
  { weight: 4, arbitrary: simpleStep },
  {
    weight: 1,
    arbitrary: fc.record({
      id: fc.constant('loop'),
      kind: fc.constant('forEach'),
      items: reads,
      steps: fc.uniqueArray(simpleStep, { maxLength: 2, selector: (inner) => inner.id }),
      edges: fc.constant([]),
    }),
  },
);
const edge = fc.record({ from: id, to: id, port: fc.constantFrom('next', 'yes', 'else', 'error') });
const note = fc.record({ id: fc.constantFrom('n1', 'n2'), text: fc.string({ maxLength: 20 }), at });
const group = fc.record({
  id: fc.constantFrom('g1', 'g2'),
  title: fc.string({ maxLength: 20 }),
  steps: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
});
const kind = <Kind extends string>(name: Kind) => fc.constant(name);

/** Any operation, on flows such as `arbitraryFlow` draws. */
export const arbitraryOperation: fc.Arbitrary<Operation> = fc
  .oneof(
    fc.record({ kind: kind('add-step'), step, at }),
    fc.record({ kind: kind('add-step'), step: simpleStep, inside: fc.constant('loop') }),
    fc.record({ kind: kind('remove-step'), id }),
    fc.record({ kind: kind('move-steps'), to: fc.dictionary(id, at, { maxKeys: 2 }) }),
    fc.record({ kind: kind('rename-step'), id, to: id }),
    fc.record({ kind: kind('update-step'), step }),
    fc.record({ kind: kind('connect'), edge }),
    fc.record({ kind: kind('disconnect'), edge }),
    fc.record({ kind: kind('insert-on-edge'), edge, step, at }),
    fc.record({
      kind: kind('paste-steps'),
      steps: fc.uniqueArray(step, { maxLength: 3, selector: (pasted) => pasted.id }),
      edges: fc.array(edge, { maxLength: 3 }),
      slots: fc.dictionary(slot, fc.record({ connector: slot })),
      layout: fc.dictionary(id, at),
      groups: fc.array(group, { maxLength: 1 }),
    }),
    fc.record({ kind: kind('set-slot'), name: slot, slot: fc.record({ connector: slot }) }),
    fc.record({ kind: kind('remove-slot'), name: slot }),
    fc.record({ kind: kind('add-note'), note }),
    fc.record({ kind: kind('update-note'), note }),
    fc.record({ kind: kind('remove-note'), id: note.map(({ id: noteId }) => noteId) }),
    fc.record({ kind: kind('set-group'), group }),
    fc.record({ kind: kind('remove-group'), id: group.map(({ id: groupId }) => groupId) }),
    fc.record({ kind: kind('set-settings'), settings: fc.record({ timeoutSeconds: fc.integer({ min: 1, max: 60 }) }) }),
  )
  .map((operation) => operationSchema.parse(operation));
