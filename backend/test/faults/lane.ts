import type { HouseProcess } from '../spawn-house.js';
import { waitFor } from '../wait-for.js';
import { type Cell, type EffectClass, type KillPoint, killPoints } from './cells.js';
import { Installation, type Opening } from './installation.js';
import { countOf, type Order } from './orders.js';

/** Orders of each kill that are held nowhere: one of them meets the armed point, the others are wherever they are. */
const free = 6;
/** So often at most is the armed point passed before the process dies: at each of its runs' steps, once a fetch for claims. */
const mostPasses: Readonly<Record<KillPoint, number>> = {
  claim: 2,
  'intent-committed': 6,
  'bytes-sent': 6,
  'answer-read': 6,
  'outcome-committed': 6,
  'next-enqueued': 4,
};

/** A process that is to die of an order gets another one after so long. */
const nextOrderMs = 300;

/**
 * One installation and one effect class: process after process is killed over it, and takes up what the last one left.
 * Each is killed while it holds one run at every point, by the point whose turn it is.
 */
export class FaultLane {
  private readonly kills = new Map<KillPoint, number>();
  private readonly armed = new Map<KillPoint, number>();

  private constructor(
    private readonly effect: EffectClass,
    private readonly house: Installation,
  ) {}

  static async open({ effect, ...of }: Omit<Opening, 'effects'> & { effect: EffectClass }): Promise<FaultLane> {
    return new FaultLane(effect, await Installation.open({ ...of, effects: [effect] }));
  }

  /** Kills at the point that had fewest. */
  get fewest(): number {
    return Math.min(...killPoints.map((point) => this.kills.get(point) ?? 0));
  }

  /** Throws when the process died of anything else. */
  async kill(point: KillPoint): Promise<void> {
    const { house, effect } = this;
    const process = await house.start();
    const held = new Set<string>();
    process.onHeld = (at) => held.add(at);
    house.service.onWrite = this.holdAtWrite(held);
    // What a process before this one did not answer is sent again, as a sender does.
    const open = house.open;
    const sending: Promise<unknown>[] = [...open, ...killPoints.map((at) => house.order(effect, `${at}@held`))].map(
      (o) => house.send(process, o),
    );
    // One that doesn't come in time (a busy machine) isn't counted.
    await waitFor(() => (killPoints.every((at) => held.has(at)) ? true : undefined), 30_000).catch(() => undefined);
    sending.push(...(await this.dieAt(process, point)));
    await Promise.all(sending);
    if (process.process.signalCode !== 'SIGKILL') throw new Error(`A process ended by itself before ${point}.`);
    for (const at of held) add(this.kills, killPoints.find((one) => one === at) ?? point);
    add(this.armed, point);
  }

  /** Sends deliveries until it dies at this point, at a moment of chance. */
  private async dieAt(process: HouseProcess, point: KillPoint): Promise<Promise<unknown>[]> {
    const { house, effect } = this;
    const nth = 1 + Math.floor(Math.random() * mostPasses[point]);
    if (point === 'bytes-sent') this.killAtWrite(process, nth);
    else process.tell(`fault ${point}:exit:${nth}`);
    const send = (order: Order) => house.send(process, order);
    const sending: Promise<unknown>[] = Array.from({ length: free }, () => send(house.order(effect, point)));
    for (let isGone = false; !isGone; ) {
      const gone = process.gone.then(() => true);
      isGone = await Promise.race([gone, new Promise<boolean>((resolve) => setTimeout(resolve, nextOrderMs, false))]);
      if (!isGone) sending.push(send(house.order(effect, point)));
    }
    return sending;
  }

  /** Lets a process that nobody kills end everything, and counts by the service's ledger. */
  async settle(): Promise<{ cells: Cell[]; problems: string[] }> {
    const { house, effect } = this;
    house.service.onWrite = () => true;
    const process = await house.start();
    await Promise.all(house.open.map((order) => house.send(process, order)));
    await house.settled();
    const fates = await house.fates();
    const cells = killPoints.map((point): Cell => {
      const count = countOf(fates.filter(({ order }) => order.group === point || order.group === `${point}@held`));
      return { point, effect, kills: this.kills.get(point) ?? 0, armed: this.armed.get(point) ?? 0, ...count };
    });
    return { cells, problems: await house.problems() };
  }

  close(): Promise<void> {
    return this.house.close();
  }

  /** Keeps the answer to the first write of each order that is held there. */
  private holdAtWrite(held: Set<string>): (line: string) => boolean {
    const { service } = this.house;
    return (line) => {
      const isHeld =
        line.startsWith('bytes-sent@held_') && service.lines.get(line)?.effects === 1 && !held.has('bytes-sent');
      if (isHeld) held.add('bytes-sent');
      return !isHeld;
    };
  }

  /** Kills it while the service has done the nth write from now on and hasn't answered. */
  private killAtWrite({ process }: HouseProcess, nth: number): void {
    const { service } = this.house;
    let left = nth;
    service.onWrite = () => {
      left -= 1;
      if (left === 0) process.kill('SIGKILL');
      return left > 0;
    };
  }
}

function add(counts: Map<KillPoint, number>, point: KillPoint): void {
  counts.set(point, (counts.get(point) ?? 0) + 1);
}
