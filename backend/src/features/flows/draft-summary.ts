import type { Catalogue } from '@sluice/shared/connector';
import { computeManifest, everyStep } from '@sluice/shared/flow';
import { hashOf, readStored } from './draft-document.js';

export interface DraftSummary {
  hash: string;
  /** In the order in which they are drawn, the trigger's too. */
  connectors: string[];
  /** What its actions send outside, the gravest first. */
  classes: string[];
}

const gravestFirst = ['secret', 'health', 'payment', 'personal', 'internal', 'public'];

/** What lists show of a draft, without the cost of its checks. */
export function summarise(stored: unknown, catalogue: Catalogue): DraftSummary {
  const document = readStored(stored);
  const connectors = [...everyStep(document)].flatMap((step) => {
    if (step.kind === 'trigger' || step.kind === 'compute') return [step.connector];
    const slot = step.kind === 'action' ? new Map(Object.entries(document.slots)).get(step.slot) : undefined;
    return slot === undefined ? [] : [slot.connector];
  });
  const { sends } = computeManifest(document, catalogue);
  const sent = new Set<string>(sends.flatMap(({ fields }) => fields.map((field) => field.class)));
  return {
    hash: hashOf(document),
    connectors: [...new Set(connectors)],
    classes: gravestFirst.filter((name) => sent.has(name)),
  };
}
