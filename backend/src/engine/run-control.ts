import type { Json } from '@sluice/shared/lib';
import type { NewEntry } from '../journal/records.js';
import { type Actor, rolesIn } from '../platform/actor.js';
import type { Clock } from '../platform/clock.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import type { Carrier } from './carrier.js';
import { readStepEntries } from './history.js';
import { partsOf } from './step-key.js';
import { sealAskText } from './ask-sealing.js';
import type { ChildAnswer, DecisionAnswer } from './asks.js';
import type { RunStore } from './store/run-store.js';
import type { RunTransaction, StepPlace } from './store/run-transaction.js';

export interface RunControlOptions {
  store: RunStore;
  carrier: Carrier;
  keyring: Keyring;
  clock: Clock;
}

/** What people and the outside decide about runs that may be parked, or carried by any process. */
export class RunControl {
  constructor(private readonly options: RunControlOptions) {}

  /** Ends a run and those that it waits for; what was done outside stays done. Throws `run.unknown`, `run.not_cancellable`. */
  async cancel({ actor, run }: { actor: Actor; run: string }): Promise<void> {
    const entry = (environment: string) => byMember(actor, { action: 'run.cancelled', run, environment });
    const isOurs = this.options.carrier.cancel({ run, workspace: actor.workspace, entry });
    await this.options.store.transaction(async (tx) => {
      if (!isOurs) await this.cancelElsewhere(tx, { actor, run, entry });
      for (const child of await tx.findChildren(run)) await tx.notify('cancels', child);
    });
  }

  /** Ends a run that waits for nobody any more: one that this process doesn't carry and that may be parked. */
  async cancelParked(run: string): Promise<void> {
    await this.options.store.transaction(async (tx) => {
      const row = await tx.lockRun(run);
      if (row === null || row.owner !== null || row.isOver) return;
      await this.endParked(tx, { run, ...row }, []);
      for (const child of await tx.findChildren(run)) await tx.notify('cancels', child);
    });
  }

  private async cancelElsewhere(
    tx: RunTransaction,
    { actor, run, entry }: { actor: Actor; run: string; entry: (environment: string) => NewEntry },
  ): Promise<void> {
    const row = await tx.lockRun(run);
    if (row === null || row.workspace !== actor.workspace) throw new Problem('run.unknown');
    if (row.isOver) throw new Problem('run.not_cancellable');
    if (row.owner === null) return await this.endParked(tx, { run, ...row }, [entry(row.environment)]);
    // Whoever carries it ends it and writes that down.
    await tx.notify('cancels', run);
    await tx.record([entry(row.environment)]);
  }

  private async endParked(
    tx: RunTransaction,
    { run, workspace, environment }: { run: string; workspace: string; environment: string },
    entries: readonly NewEntry[],
  ): Promise<void> {
    const waiting = await tx.endParked(run);
    const answer: ChildAnswer = { run, status: 'cancelled', error: null };
    if (waiting !== null) await this.answer(tx, { ...waiting, workspace, environment, answer });
    const actor = { kind: 'run', id: run } as const;
    const finished = { workspace, actor, action: 'run.finished', environment, run, detail: { status: 'cancelled' } };
    await tx.notify('runs', run);
    await tx.record([...entries, finished]);
  }

  /** Settles a step in doubt by what a person found out: it happened, or it may be tried again. Throws `run.not_in_doubt`. */
  async resolve({ actor, run, step: key, happened }: { actor: Actor; run: string; step: string; happened: boolean }) {
    await this.options.store.transaction(async (tx) => {
      const environment = await tx.reopen({ run, workspace: actor.workspace });
      const attempt = environment === null ? null : await findDoubt(tx, run, key);
      if (environment === null || attempt === null) throw new Problem('run.not_in_doubt');
      await tx.enqueue([{ run, workspace: actor.workspace, after: null }]);
      await tx.notify('runs', run);
      const entry = byMember(actor, { action: 'step.resolved', run, environment });
      await tx.record([{ ...entry, ...stepOf(key), attempt, detail: { happened } }]);
    });
  }

  /** Answers an approval step. Throws `run.not_asking`, `run.not_decider`. */
  async decide({
    actor,
    run,
    step,
    decision,
    note,
  }: {
    actor: Actor;
    run: string;
    step: string;
    decision: 'approved' | 'refused';
    note: string | null;
  }): Promise<void> {
    await this.options.store.transaction(async (tx) => {
      const asked = await tx.lockApproval({ run, step, workspace: actor.workspace });
      if (asked === null) throw new Problem('run.not_asking');
      const { environment, deciders } = asked;
      if (!rolesIn(actor, environment).some((role) => deciders.includes(role))) throw new Problem('run.not_decider');
      const by = { id: actor.member, name: actor.name };
      const answer: DecisionAnswer = { decision, by, note, at: this.options.clock.iso() };
      await this.answer(tx, { run, step, workspace: actor.workspace, environment, answer });
      const entry = byMember(actor, { action: 'step.decided', run, environment });
      await tx.record([{ ...entry, ...stepOf(step), detail: { decision } }]);
    });
  }

  /** Answers a callback step, also before it is reached. Throws `callback.unknown`, `callback.used`. */
  async answerCallback({ run, step, body }: { run: string; step: string; body: Json }): Promise<void> {
    await this.options.store.transaction(async (tx) => {
      const row = await tx.findRun(run);
      if (row === null) throw new Problem('callback.unknown');
      if (row.isOver) throw new Problem('callback.used');
      const { workspace, environment, flow } = row;
      const place = { run, step, workspace, environment };
      await tx.expectCallback({ ...place, flow });
      await this.answer(tx, { ...place, answer: { body, receivedAt: this.options.clock.iso() } });
      const entry: NewEntry = {
        workspace,
        actor: { kind: 'endpoint', id: 'callback' },
        action: 'step.answered',
        environment,
        run,
        ...stepOf(step),
      };
      await tx.record([entry]);
    });
  }

  /** Lays an answer beside its question, once, and has the run go on. Throws `callback.used`. */
  private async answer(
    tx: RunTransaction,
    { run, step, workspace, environment, answer }: Place & { answer: Json | ChildAnswer | DecisionAnswer },
  ): Promise<void> {
    const keys = { payload: await this.options.keyring.key(workspace, environment, 'payload') };
    const sealed = sealAskText(keys, JSON.stringify(answer), { run, step, of: 'answer' });
    if (!(await tx.answer({ run, step, answer: sealed }))) throw new Problem('callback.used');
    // Whoever parks the run meanwhile waits for this lock, and looks for answers afterwards.
    const row = await tx.lockRun(run);
    if (row?.owner === null && !row.isOver) await tx.enqueue([{ run, workspace, after: null }]);
    await tx.notify('answers', run);
    await tx.notify('runs', run);
  }
}

interface Place extends StepPlace {
  workspace: string;
  environment: string;
}

/** The attempt that is in doubt; null when none is. */
async function findDoubt(tx: RunTransaction, run: string, key: string): Promise<number | null> {
  const bodies = await tx.findStepBodies(run, partsOf(key).step);
  const entries = readStepEntries(bodies).entries.get(key) ?? [];
  const resolved = new Set(entries.filter(({ action }) => action === 'step.resolved').map(({ attempt }) => attempt));
  return entries.find(({ action, attempt }) => action === 'step.in_doubt' && !resolved.has(attempt))?.attempt ?? null;
}

/** A step's parts of an entry. */
function stepOf(key: string): { step: string; pass?: string } {
  const { step, at } = partsOf(key);
  return at === '' ? { step } : { step, pass: at.slice(1, -1) };
}

function byMember(
  actor: Actor,
  { action, run, environment }: { action: string; run: string; environment: string },
): NewEntry {
  return {
    workspace: actor.workspace,
    actor: { kind: 'member', id: actor.member, name: actor.name },
    action,
    subject: { kind: 'run', id: run },
    environment,
    run,
    requestId: actor.requestId,
  };
}
