import fc from 'fast-check';
import { type FlowDocument, flowDocumentSchema } from '../src/flow/document.js';

/** A document as a person would write it, with the defaults filled in: `aFlow({ steps: [...], edges: ['a -> b'] })`. */
export function aFlow({
  steps,
  edges,
  ...rest
}: {
  steps: object[];
  edges?: string[];
  [key: string]: unknown;
}): FlowDocument {
  return flowDocumentSchema.parse({ schema: 'sluice.flow/1', steps, edges: edges?.map(anEdge) ?? [], ...rest });
}

/** `'a -> b'`, or `'a:port -> b'`. */
export function anEdge(text: string): { from: string; port?: string; to: string } {
  const [from = '', to = ''] = text.split(' -> ');
  const [id = '', port] = from.split(':');
  return port === undefined ? { from: id, to } : { from: id, port, to };
}

export const aTrigger = {
  id: 'paid',
  kind: 'trigger',
  connector: 'webhook',
  trigger: 'received',
  config: { scheme: 'standard-webhooks' },
};

const ports: Record<string, string[]> = { transform: ['next'], branch: ['yes', 'else'], action: ['next', 'error'] };

/** Flows without circles, whose steps all hang together from a trigger `s0`; some steps are disabled. */
export const arbitraryFlow = fc
  .array(
    fc.record({
      kind: fc.constantFrom('transform', 'branch', 'action'),
      disabled: fc.boolean(),
      from: fc.array(fc.record({ step: fc.nat(), port: fc.nat() }), { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 14 },
  )
  .map((drawn) => {
    const kinds = ['trigger', ...drawn.map((step) => step.kind)];
    const edges = drawn.flatMap((step, index) =>
      step.from.map((from) => {
        const at = from.step % (index + 1);
        const of = ports[kinds[at] ?? ''] ?? ['next'];
        return `s${at}:${of[from.port % of.length]} -> s${index + 1}`;
      }),
    );
    return aFlow({
      slots: { out: { connector: 'http' } },
      steps: [
        { ...aTrigger, id: 's0' },
        ...drawn.map((step, index) => aStepOf(step.kind, { id: `s${index + 1}`, disabled: step.disabled })),
      ],
      edges: [...new Set(edges)],
    });
  });

function aStepOf(kind: string, step: object): object {
  if (kind === 'transform') return { ...step, kind, input: { seen: true } };
  if (kind === 'branch') return { ...step, kind, cases: [{ port: 'yes', when: true }] };
  return { ...step, kind: 'action', slot: 'out', action: 'request', onError: 'port' };
}
