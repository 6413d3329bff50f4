import type { NewEvent } from '../../src/journal/records.js';
import { Problem } from '../../src/platform/problem.js';
import type { Engine } from '../../src/engine/engine.js';
import { environment, type Plant, workspace } from './flows.js';
import type { House } from './house.js';
import type { World } from './world.js';

const patienceMs = 10_000;

/** Services that send deliveries, again and again until they are taken, and some of them several times at once. */
export class Senders {
  /** Keys of deliveries of which somebody was told that they are taken. */
  readonly taken = new Set<string>();
  open = 0;

  constructor(private readonly rooms: { world: World; house: House; plant: Plant }) {}

  start(deliveries: number): void {
    const { world, plant } = this.rooms;
    for (let n = 0; n < deliveries; n += 1) {
      const deployment = world.chance.pick(plant.entrances);
      const times = world.chance.happens(0.2) ? world.chance.int(2, 6) : 1;
      this.open += 1;
      world.after(world.chance.between(0, 40_000), () => {
        for (let i = 0; i < times; i += 1) this.send(n, deployment);
      });
    }
  }

  private send(n: number, deployment: string): void {
    const { world, house } = this.rooms;
    const key = `msg_${n}`;
    let isOver = false;
    const settle = (isTaken: boolean) => {
      if (isOver) return;
      isOver = true;
      if (!isTaken) return world.after(world.chance.between(500, 5000), () => this.send(n, deployment));
      world.trace(`${key} is taken`);
      if (!this.taken.has(key)) this.open -= 1;
      this.taken.add(key);
    };
    const engine = house.any();
    if (engine === undefined) return settle(false);
    world.after(patienceMs, () => settle(false));
    this.deliver(engine, { n, key, deployment }).then(
      () => settle(true),
      (error: unknown) => {
        if (error instanceof Problem || /terminated/.test(String(error))) settle(false);
        else throw error;
      },
    );
  }

  private async deliver(
    engine: Engine,
    { n, key, deployment: id }: { n: number; key: string; deployment: string },
  ): Promise<void> {
    const { world, house } = this.rooms;
    const deployment = await engine.deployments.find(id);
    if (deployment === null) throw new Error('There is no such deployment.');
    const [eventId, runId] = [`evt_${house.nextId()}`, `run_${String(house.nextId()).padStart(12, '0')}`];
    const event: NewEvent = {
      id: eventId,
      workspace,
      flow: deployment.flow.id,
      environment,
      endpoint: 'end_1',
      scheme: null,
      status: 'accepted',
      reason: null,
      messageId: key,
      dedupeKey: key,
      firstId: null,
      run: runId,
      address: null,
      bytes: 10,
      checks: [],
      receivedAt: world.now,
      keepDays: deployment.keepDays,
    };
    const trigger = { body: { n }, headers: {}, query: {}, id: key, receivedAt: new Date(world.now).toISOString() };
    const actor = { kind: 'endpoint', id: 'end_1' } as const;
    await engine.accept({ deployment, startedBy: 'webhook', actor, eventId, event, trigger, runId });
  }
}
