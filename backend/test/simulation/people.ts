import type { Actor } from '../../src/platform/actor.js';
import { type EnvironmentKeys, shortName } from '../../src/engine/run-keys.js';
import { readStepEntries } from '../../src/engine/history.js';
import { callbackUrl } from '../../src/engine/callback-token.js';
import type { Engine } from '../../src/engine/engine.js';
import { workspace } from './flows.js';
import type { Machine } from './machine.js';
import type { Service } from './service.js';
import type { AskRow, RunRow, Tables } from './tables.js';
import type { World } from './world.js';

const actor: Actor = { workspace, member: 'mbr_1', name: 'Ada', roles: ['owner'], requestId: 'req_1' };

interface Rooms {
  world: World;
  tables: Tables;
  service: Service;
  keys: EnvironmentKeys;
  publicUrl: string;
  /** Ids of the callback steps of a deployment's flow, outside of loops. */
  callbacksOf(deployment: string): string[];
  /** Of a process that answers; undefined while none does. */
  anyEngine(): Engine | undefined;
}

/** Longer than any request is on its way: who asks the service about a doubt is told the truth. */
const patienceMs = 70_000;

/** Members who decide, services that call back (at times too early, or twice), and somebody who settles doubts by the ledger. */
export class People {
  private readonly seen = new Set<string>();
  private readonly doubts = new Map<string, number>();

  constructor(private readonly rooms: Rooms) {}

  /** Looks around every few seconds. */
  start(): void {
    const { world } = this.rooms;
    world.after(world.chance.between(1000, 4000), () => {
      this.look();
      this.start();
    });
  }

  /** Answers at times in the very moment in which a run is parked, and the process that parks it may die then: it must not be missed. */
  hurry(run: string, by: Machine): void {
    const { world, tables } = this.rooms;
    if (!world.chance.happens(0.1)) return;
    if (by.isStormy && world.chance.happens(0.2))
      world.after(world.chance.between(1, 8), () => by.die('while it parked a run'));
    world.after(world.chance.between(0, 4), () => {
      const engine = this.rooms.anyEngine();
      const row = tables.runs.get(run);
      if (engine === undefined || row === undefined) return;
      for (const ask of tables.asks.all()) if (ask.run === run) this.answer(engine, ask);
      for (const step of this.rooms.callbacksOf(row.deployment))
        if (tables.asks.get(`${run} ${step}`) === undefined) this.callBack(engine, run, step);
    });
  }

  private look(): void {
    const { world, tables } = this.rooms;
    const engine = this.rooms.anyEngine();
    if (engine === undefined) return;
    for (const ask of tables.asks.all())
      if (ask.askedAt !== null && world.chance.happens(0.25)) this.answer(engine, ask);
    for (const run of tables.runs.all()) {
      if (run.endedAt !== null) continue;
      if (!this.seen.has(run.id)) this.meet(run);
      if (run.status === 'in_doubt' && run.owner === null) this.settle(engine, run);
    }
  }

  /** Somebody may know a callback's address before it is asked, and somebody may change his mind. */
  private meet(run: RunRow): void {
    const { world } = this.rooms;
    this.seen.add(run.id);
    const later = (probability: number, work: (engine: Engine) => void) => {
      if (!world.chance.happens(probability)) return;
      world.after(world.chance.between(0, 40_000), () => {
        const engine = this.rooms.anyEngine();
        if (engine !== undefined) work(engine);
      });
    };
    const early = this.rooms.callbacksOf(run.deployment);
    if (early.length > 0) later(0.3, (engine) => this.callBack(engine, run.id, world.chance.pick(early)));
    later(0.04, (engine) => this.ask(engine.cancel({ actor, run: run.id })));
  }

  private answer(engine: Engine, { run, step, kind, answer }: AskRow): void {
    if (answer !== null) return;
    const decision = this.rooms.world.chance.pick(['approved', 'refused'] as const);
    if (kind === 'approval') this.ask(engine.decide({ actor, run, step, decision, note: null }));
    if (kind === 'callback') this.callBack(engine, run, step);
  }

  private callBack(engine: Engine, run: string, step: string): void {
    const { keys, publicUrl } = this.rooms;
    const token = callbackUrl({ keys, publicUrl, id: run }, step).split('/').at(-1) ?? '';
    this.ask(engine.answerCallback(token, { ok: true }));
  }

  private settle(engine: Engine, { id: run }: RunRow): void {
    const { world, tables, service } = this.rooms;
    const bodies = tables.entriesOf(run).flatMap(({ action, body }) => (action.startsWith('step.') ? [body] : []));
    for (const [step, entries] of readStepEntries(bodies).entries) {
      const resolved = new Set(entries.flatMap(({ action, attempt }) => (action === 'step.resolved' ? [attempt] : [])));
      const doubt = entries.find(({ action, attempt }) => action === 'step.in_doubt' && !resolved.has(attempt));
      if (doubt === undefined) continue;
      const since = this.doubts.get(`${run} ${step} ${doubt.attempt}`) ?? world.now;
      this.doubts.set(`${run} ${step} ${doubt.attempt}`, since);
      if (world.now - since < patienceMs) continue;
      const happened = service.lines.some(
        (line) => line.did && line.run === run && shortName(line.key) === keyOfStep(tables, run, step),
      );
      this.ask(engine.resolve({ actor, run, step, happened }));
    }
  }

  /** Whoever gets no answer, or is refused, comes again. */
  private ask(answer: Promise<unknown>): void {
    answer.catch(() => undefined);
  }
}

/** The same for a step, by its intents. */
function keyOfStep(tables: Tables, run: string, key: string): unknown {
  const intent = tables
    .entriesOf(run)
    .find(
      ({ action, step, pass }) => action === 'step.intent' && `${step}${pass === undefined ? '' : `[${pass}]`}` === key,
    );
  return intent?.detail?.['key'];
}
