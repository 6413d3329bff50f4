import { hash } from 'node:crypto';
import { type AnyAction, type Poll, pollParamsSchema } from '@sluice/shared/connector';
import { getTrigger, slotOfTrigger } from '@sluice/shared/flow';
import { canonicalJson } from '@sluice/shared/lib';
import type { BoundSlot, Deployment } from '../../engine/deployments.js';

/** A trigger of a deployment that looks for news. */
export interface Watch {
  /** flow:environment:step: the same for every version, and what its events are counted by. */
  id: string;
  workspace: string;
  flow: string;
  environment: string;
  step: string;
  /** What it looks at, by a hash. */
  place: string;
  everyMs: number;
  params: unknown;
  poll: Poll;
  action: AnyAction;
  slot: BoundSlot & { name: string };
  deployment: Deployment;
}

/** Null for a deployment that doesn't look for news, or has no connection to do it with. */
export function watchOf(deployment: Deployment): Watch | null {
  const { step } = getTrigger(deployment.plan);
  if (step.kind !== 'trigger') return null;
  const name = slotOfTrigger(deployment.document, step);
  const slot = name === null ? undefined : deployment.slots.get(name);
  const trigger = slot?.connector.triggers[step.trigger];
  const poll = trigger?.poll;
  const action = slot?.connector.actions[poll?.action ?? ''];
  const params = trigger?.params.safeParse(step.config);
  if (name === null || slot === undefined || poll === undefined || action === undefined || params?.data === undefined)
    return null;
  const { everyMinutes, ...rest } = pollParamsSchema.parse(params.data);
  const { workspace, environment, flow } = deployment;
  // The settings of a connection, not its id: another one to the same server goes on where the one before was.
  const place = { connector: slot.connectorId, trigger: step.trigger, rest, config: slot.config, hosts: slot.hosts };
  return {
    id: `${flow.id}:${environment}:${step.id}`,
    workspace,
    flow: flow.id,
    environment,
    step: step.id,
    place: mark(canonicalJson(place)),
    everyMs: everyMinutes * 60_000,
    params: params.data,
    poll,
    action,
    slot: { ...slot, name },
    deployment,
  };
}

/** 22 characters that stand for a text. */
export function mark(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
