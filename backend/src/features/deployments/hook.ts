import { type WebhookScheme, webhookSchemes } from '@sluice/shared/connector';
import type { FlowDocument } from '@sluice/shared/flow';
import { type Json, jsonSchema } from '@sluice/shared/lib';
import { z } from 'zod';
import { Problem } from '../../platform/problem.js';
import { connectors } from '../../connectors/registry.js';

/** How deliveries reach a version: its trigger step, how they are signed, and the trigger's settings. */
export interface Hook {
  step: string;
  scheme: WebhookScheme;
  config: Record<string, Json>;
}

const configSchema = z.record(z.string(), jsonSchema);
const choiceSchema = z.object({ scheme: z.enum(webhookSchemes) });

/** Null for a version that nobody delivers to: it is started by hand, by a schedule, or asks for news itself. The document has passed its checks. */
export function hookOf(document: FlowDocument): Hook | null {
  const step = document.steps.find((candidate) => candidate.kind === 'trigger' && !candidate.disabled);
  if (step?.kind !== 'trigger') return null;
  const trigger = connectors[step.connector]?.triggers[step.trigger];
  if (trigger === undefined)
    throw new Error(`A published version starts with ${step.connector} ${step.trigger}, which this program lacks`);
  const params = trigger.params.safeParse(step.config);
  if (!params.success) {
    const issues = params.error.issues.map(({ path, message }) => ({ path: path.join('.'), message, step: step.id }));
    throw new Problem('flow.has_problems', { message: 'The trigger is not filled in right; see issues.', issues });
  }
  if (trigger.scheme === 'manual' || trigger.scheme === 'schedule' || trigger.scheme === 'poll') return null;
  const config = configSchema.parse(params.data);
  return {
    step: step.id,
    scheme: trigger.scheme === 'from-config' ? choiceSchema.parse(config).scheme : trigger.scheme,
    config,
  };
}
