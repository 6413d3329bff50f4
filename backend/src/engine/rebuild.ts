import { startRun } from '@sluice/shared/flow';
import type { Clock } from '../platform/clock.js';
import type { NewId } from '../platform/ids.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { advance, pump } from './advance.js';
import type { AskStore } from './ask-store.js';
import { scopeOf } from './begin.js';
import type { Deployments } from './deployments.js';
import { Draft } from './draft.js';
import { readHistory } from './history.js';
import { flowLevel } from './level.js';
import { openPayloads } from './open-payloads.js';
import { replay } from './replay.js';
import { loadEnvironmentKeys, openRunKey } from './run-keys.js';
import { newMemory, type RunMemory } from './run-memory.js';
import { takeAnswers } from './settle-ask.js';
import { letGo } from './settle-due.js';
import type { ClaimedRun, RunStore } from './store/run-store.js';

interface Rooms {
  store: RunStore;
  deployments: Deployments;
  keyring: Keyring;
  clock: Clock;
  publicUrl: string;
  newId: NewId;
  asks: Pick<AskStore, 'find'>;
}

/** Rebuilds a claimed run from its log and payloads: where it stood, and a draft that says who carries it now. */
export async function rebuildRun(
  rooms: Rooms,
  { claimed, owner }: { claimed: ClaimedRun; owner: string },
): Promise<{ run: RunMemory; draft: Draft }> {
  const { store, deployments, keyring, clock, publicUrl, newId, asks } = rooms;
  const { id, epoch, startedBy, parent, depth, origin, startedAt, keepDays, line } = claimed;
  const deployment = await deployments.find(claimed.deployment);
  if (deployment === null) throw new Error(`The deployment of run ${id} is gone.`);
  const keys = await loadEnvironmentKeys(keyring, deployment, claimed.payloadKey);
  const { key: payloadKey, salt } = openRunKey(keys, claimed);
  const { bodies, payloads } = await store.findHistory(id);
  const opened = openPayloads(id, { key: payloadKey, stored: payloads });
  const trigger = opened.values.find(({ kind }) => kind === 'event')?.value;
  const { state, skipped } = startRun(deployment.plan, scopeOf({ deployment, trigger, keys, publicUrl, id }));
  const who = { id, startedBy, parent, depth, origin, startedAt, keepDays, line, owner, epoch };
  const root = flowLevel(deployment.plan, state);
  const run = newMemory({ ...who, deployment, keys, payloadKey, salt, publicUrl, newId, root, stored: true });
  run.size = opened.size;
  // What is due is decided by the database's time: it made the job ready.
  const draft = new Draft(run, Math.max(clock.now(), claimed.now));
  draft.entry('run.resumed', { detail: { process: owner, epoch } });
  const history = readHistory(bodies, opened);
  const { work, loops } = replay(run, draft, { history, skipped });
  for (const loop of loops) if (run.tasks.get(loop.key) === loop) pump(run, draft, loop);
  advance(run, draft, work);
  takeAnswers(run, draft, await asks.find(run));
  // Whatever woke it, the switch that held it may be off.
  letGo(run, draft);
  return { run, draft };
}
