import { evaluateInput, evaluateState, type StateInput, StepFailure, type StepOf } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { askChild, beginSubflow } from './children.js';
import { failTask, settleTask } from './advance.js';
import { tooLarge } from './too-large.js';
import type { Deployment, Deployments } from './deployments.js';
import type { Draft } from './draft.js';
import { commit, jsonWithinLimit } from './run-keys.js';
import type { RunMemory, StepError, Task } from './run-memory.js';
import { type StateStore, stateHash } from './state-store.js';

/*
 * Steps that take time but leave no mark outside: they read and write the flow's own state, run code, look for the flow
 * to begin. Each may be done again after a crash and gives the same, so their attempts are not told apart.
 */

/** Runs code in a sandbox. Never rejects. */
export interface CodeRunner {
  run(of: {
    source: string;
    input: Json;
    signal?: AbortSignal;
  }): Promise<({ ok: true; json: string } | { ok: false; error: StepError }) & { logs: readonly string[] }>;
}

export interface ErrandRooms {
  state: StateStore;
  deployments: Deployments;
  code: CodeRunner | null;
}

/** What is fixed before it begins. */
export type Errand =
  | { kind: 'state'; step: StepOf<'state'>; input: StateInput }
  | { kind: 'code'; step: StepOf<'code'>; inputJson: string }
  | { kind: 'subflow'; step: StepOf<'subflow'>; input: Record<string, unknown> };

type Came = ({ json: string } | { deployment: Deployment } | { error: StepError }) & {
  /** What code wrote to its console. */
  logs?: readonly string[];
};

/** Throws StepFailure when the step can't be begun as it stands. */
export function prepareErrand(run: RunMemory, { planned: { step, compiled }, level }: Task): Errand {
  const { scope } = level.state;
  switch (step.kind) {
    case 'state':
      return { kind: 'state', step, input: evaluateState(compiled, scope) };
    case 'code': {
      if (!run.deployment.allowsCode)
        throw new StepFailure(
          'code.not_allowed',
          `Code steps are off in ${run.deployment.environment}. An admin can allow them in the environment's settings.`,
        );
      const inputJson = jsonWithinLimit(evaluateInput(compiled, scope));
      if (inputJson === null) throw new StepFailure(tooLarge('input').code, tooLarge('input').message);
      return { kind: 'code', step, inputJson };
    }
    case 'subflow':
      return { kind: 'subflow', step, input: evaluateInput(compiled, scope) };
    default:
      throw new Error(`A step of the kind ${step.kind} is no errand.`);
  }
}

/** Writes what is about to be done. Looking for a flow changes nothing, so it isn't written. */
export function draftErrand(run: RunMemory, draft: Draft, { task, errand }: { task: Task; errand: Errand }): void {
  const { level, planned, progress } = task;
  if (errand.kind === 'subflow' || progress.kind !== 'calling') return;
  const { attempt } = progress;
  const detail: Record<string, Json> =
    errand.kind === 'state'
      ? { operation: errand.step.operation, state: stateHash(run, errand.input.key).slice(0, 16) }
      : { input: commit(run.salt, errand.inputJson) };
  draft.step('step.intent', { level, id: planned.id }, { attempt, detail: { kind: errand.kind, ...detail } });
  if (errand.kind === 'code' && attempt === 1) draft.payload('input', errand.inputJson, { step: task.key, attempt });
}

/** Does it. Rejects when the database is away. */
export async function performErrand(
  run: RunMemory,
  { task, errand }: { task: Task; errand: Errand },
  rooms: ErrandRooms,
): Promise<Came> {
  switch (errand.kind) {
    case 'state':
      return await rooms.state.apply(run, { by: task.key, step: errand.step, input: errand.input });
    case 'code': {
      if (rooms.code === null)
        return { error: { code: 'code.unavailable', message: 'This process runs no code steps.' } };
      const result = await rooms.code.run({ source: errand.step.source, input: JSON.parse(errand.inputJson) });
      const { logs } = result;
      return result.ok ? { json: result.json, logs } : { error: result.error, logs };
    }
    case 'subflow': {
      const { workspace, environment } = run.deployment;
      const id = await rooms.deployments.findActiveId({ workspace, environment, flow: errand.step.flow });
      const deployment = id === null ? null : await rooms.deployments.find(id);
      return deployment === null ? { error: notDeployed(environment) } : checkTrigger(deployment);
    }
  }
}

function notDeployed(environment: string): StepError {
  const message = `The flow that this step runs is not deployed in ${environment}. Deploy it there, or choose another.`;
  return { code: 'subflow.not_deployed', message };
}

function checkTrigger(deployment: Deployment): Came {
  const trigger = deployment.plan.steps[deployment.plan.trigger]?.step;
  if (trigger?.kind === 'trigger' && trigger.connector === 'manual') return { deployment };
  const message = `${deployment.flow.name} does not start by hand, so no step can run it. Give it the trigger "Started by hand".`;
  return { error: { code: 'subflow.wrong_trigger', message } };
}

/** Writes what came of it, and takes the run on from there. */
export function settleErrand(
  run: RunMemory,
  draft: Draft,
  { task, errand, came }: { task: Task; errand: Errand; came: Came },
): void {
  const { logs = [] } = came;
  const { progress, key } = task;
  const attempt = progress.kind === 'calling' ? progress.attempt : 1;
  if (logs.length > 0) draft.payload('console', JSON.stringify(logs), { step: key, attempt });
  if ('error' in came) return failTask(run, draft, { task, error: came.error });
  if ('json' in came) return succeed(run, draft, { task, json: came.json });
  if (errand.kind !== 'subflow') throw new Error('Only a subflow begins a run.');
  const { step, input } = errand;
  const begun = beginSubflow(run, draft, { task, step, deployment: came.deployment, input });
  if ('code' in begun) return failTask(run, draft, { task, error: begun });
  if (step.wait) return askChild(run, draft, { task, child: begun.child });
  draft.done(task.level, task.planned, { port: 'next', json: JSON.stringify({ run: begun.child }) });
  settleTask(run, draft, { task, settlement: { status: 'succeeded', port: 'next', output: { run: begun.child } } });
}

function succeed(run: RunMemory, draft: Draft, { task, json }: { task: Task; json: string }): void {
  const { level, planned, progress, key } = task;
  const attempt = progress.kind === 'calling' ? progress.attempt : 1;
  const detail = { kind: planned.step.kind, status: 'succeeded', port: 'next', output: commit(run.salt, json) };
  draft.step('step.outcome', { level, id: planned.id }, { attempt, detail });
  draft.output(key, json);
  settleTask(run, draft, { task, settlement: { status: 'succeeded', port: 'next', output: JSON.parse(json) } });
}
