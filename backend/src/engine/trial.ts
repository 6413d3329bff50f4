import type { Json } from '@sluice/shared/lib';
import type { Actor } from '../platform/actor.js';
import { Problem } from '../platform/problem.js';
import { beginRun, recordForQueue } from './begin.js';
import type { Deployment } from './deployments.js';
import { findEvent } from './past-event.js';
import { noteStandIns } from './stand-ins.js';
import type { RetryRooms } from './retry-run.js';
import { jsonWithinLimit, loadEnvironmentKeys } from './run-keys.js';

export interface TrialAsked {
  actor: Actor;
  /** Of status `trial`. */
  deployment: string;
  /** Becomes `trigger.body`, unless there is an event. */
  input: Json;
  event: string | null;
  /** What steps of the flow itself give in place of running. */
  standIns: Readonly<Record<string, Json>>;
}

/**
 * The record of a trial: a run of a draft that names its stand-ins, and is then rebuilt and carried as a retry is. They are sealed with the run's own key and go when it goes. Throws `deployment.none`,
 * `event.unknown`, `event.not_replayable`, `request.too_large`.
 */
export async function recordOfTrial(rooms: RetryRooms, { actor, event, standIns, ...asked }: TrialAsked) {
  const deployment = await rooms.deployments.find(asked.deployment);
  if (deployment === null || deployment.workspace !== actor.workspace) throw new Problem('deployment.none');
  const { clock, newId, publicUrl } = rooms;
  const trigger =
    event === null
      ? { body: asked.input, headers: {}, query: {}, id: null, receivedAt: clock.iso() }
      : await triggerOf(rooms, { deployment, event });
  const begun = beginRun(
    {
      deployment,
      startedBy: 'trial',
      actor: { kind: 'member', id: actor.member, name: actor.name },
      eventId: event,
      event: null,
      trigger,
      runId: newId('run'),
    },
    { keys: await loadEnvironmentKeys(rooms.keyring, deployment), owner: '', publicUrl, newId, at: clock.now() },
  );
  noteStandIns(begun.draft, new Map(deployment.plan.steps.flatMap(({ id }) => jsonOf(id, standIns[id]))));
  return recordForQueue(begun, { event: null });
}

/** A delivery of another environment may hold what this one must not see. */
async function triggerOf(
  { store, keyring }: RetryRooms,
  { deployment, event }: { deployment: Deployment; event: string },
): Promise<unknown> {
  const { workspace, environment } = deployment;
  const found = await findEvent({ store, keyring }, { workspace, eventId: event });
  if (found.flow !== deployment.flow.id || found.environment !== environment)
    throw new Problem('event.unknown', { message: `This flow has no such event in ${environment}.` });
  return found.trigger;
}

/** Nothing for a step that runs. */
function jsonOf(id: string, output: Json | undefined): [string, string][] {
  if (output === undefined) return [];
  const json = jsonWithinLimit(output);
  if (json === null)
    throw new Problem('request.too_large', { message: `What stands in for ${id} is larger than 1 MiB.` });
  return [[id, json]];
}
