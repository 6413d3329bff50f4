import type { Catalogue } from '@sluice/shared/connector';
import {
  type DocumentDiff,
  diffDocuments,
  diffManifests,
  type Edge,
  everyStep,
  type FlowDocument,
  type Manifest,
  portOf,
} from '@sluice/shared/flow';
import { titleOf } from '../canvas/step-words.js';
import { spoken } from '../panel/schema-fields.js';

/** How a step or a wire stands out where two drawings are compared. */
export type Mark = 'added' | 'removed' | 'changed';

export interface Line {
  mark: Mark;
  /** `Step`, `Wire`, `Host`. */
  what: string;
  name: string;
  /** What of it is different. */
  more: string;
}

export interface Difference {
  /** Steps by id. */
  marks: ReadonlyMap<string, Mark>;
  lines: readonly Line[];
}

interface Side {
  document: FlowDocument;
  manifest: Manifest;
}

/** What is different in `after` by meaning, what it may touch first. Layout and notes don't count. */
export function differenceOf(before: Side, after: Side, catalogue: Catalogue): Difference {
  const diff = diffDocuments(before.document, after.document);
  const names = new Map([...namesOf(before.document, catalogue), ...namesOf(after.document, catalogue)]);
  return {
    marks: new Map<string, Mark>([
      ...diff.steps.added.map((id) => [id, 'added'] as const),
      ...diff.steps.removed.map((id) => [id, 'removed'] as const),
      ...diff.steps.changed.map(({ id }) => [id, 'changed'] as const),
    ]),
    lines: [...touched(before.manifest, after.manifest), ...drawn(diff, names)],
  };
}

function namesOf(document: FlowDocument, catalogue: Catalogue): [string, string][] {
  return [...everyStep(document)].map((step) => [step.id, titleOf(step, document, catalogue)]);
}

/** What it may talk to and what leaves: more of it needs an approval. */
function touched(before: Manifest, after: Manifest): Line[] {
  return diffManifests(before, after).flatMap(({ slot, connector, scopes, hosts, calls, fields, redeclared }) => {
    const more = `${connector} via ${slot}`;
    const each = (what: string, { added, removed }: { added: string[]; removed: string[] }): Line[] => [
      ...added.map((name): Line => ({ mark: 'added', what, name, more })),
      ...removed.map((name): Line => ({ mark: 'removed', what, name, more })),
    ];
    const written = (list: typeof fields.added) =>
      list.map(({ step, field, class: kind }) => `${step}.${field}: ${kind}`);
    const [had, has] = [written(fields.removed), written(fields.added)];
    const declared: Line = { mark: 'changed', what: 'Connector', name: connector, more: `imported anew, via ${slot}` };
    return [
      ...(redeclared ? [declared] : []),
      ...each('Host', hosts),
      ...each('Scope', scopes),
      ...each('Call', calls),
      // A field that only reads from elsewhere stands with its step.
      ...each('Sends', {
        added: has.filter((one) => !had.includes(one)),
        removed: had.filter((one) => !has.includes(one)),
      }),
    ];
  });
}

function drawn({ steps, edges, slots, settings }: DocumentDiff, names: ReadonlyMap<string, string>): Line[] {
  const nameOf = (id: string) => names.get(id) ?? id;
  const wire = ({ from, to, ...edge }: Edge) => {
    const port = portOf({ from, to, ...edge });
    return `${nameOf(from)}${port === 'next' ? '' : ` (${port})`} → ${nameOf(to)}`;
  };
  return [
    ...steps.added.map((id): Line => ({ mark: 'added', what: 'Step', name: nameOf(id), more: '' })),
    ...steps.removed.map((id): Line => ({ mark: 'removed', what: 'Step', name: nameOf(id), more: '' })),
    ...steps.changed.map(({ id, fields }): Line => {
      const more = fields.map((field) => spoken(field.replace(/^input\./, ''))).join(', ');
      return { mark: 'changed', what: 'Step', name: nameOf(id), more };
    }),
    ...edges.added.map((edge): Line => ({ mark: 'added', what: 'Wire', name: wire(edge), more: '' })),
    ...edges.removed.map((edge): Line => ({ mark: 'removed', what: 'Wire', name: wire(edge), more: '' })),
    ...slots.added.map((name): Line => ({ mark: 'added', what: 'Slot', name, more: '' })),
    ...slots.removed.map((name): Line => ({ mark: 'removed', what: 'Slot', name, more: '' })),
    ...slots.changed.map((name): Line => ({ mark: 'changed', what: 'Slot', name, more: 'its connector' })),
    ...settings.map((name): Line => ({ mark: 'changed', what: 'Setting', name: spoken(name), more: '' })),
  ];
}
