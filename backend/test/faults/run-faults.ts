import type { HouseProgram } from '../spawn-house.js';
import { type Cell, type EffectClass, effects, killPoints } from './cells.js';
import { FaultLane } from './lane.js';

export interface FaultRooms {
  program: HouseProgram;
  /** A migrated, empty one. */
  createDatabase(): Promise<{ url: string }>;
}

/** Kills `kills` processes of each effect class, each with a run at every point, over `lanes` installations a class; what is wrong comes last. */
export async function runFaults({
  program,
  createDatabase,
  kills,
  lanes = 1,
  onProgress = () => undefined,
}: FaultRooms & {
  kills: number;
  lanes?: number;
  onProgress?: (done: number, of: number) => void;
}): Promise<{ cells: Cell[]; problems: string[] }> {
  const all = effects.length * kills;
  let done = 0;
  const run = async (effect: EffectClass, url: string, share: number) => {
    const lane = await FaultLane.open({ effect, url, program });
    // Points take turns, so that each meets what the others left.
    for (let turn = 0; lane.fewest < share; turn += 1) {
      if (turn > 2 * share + 10)
        throw new Error(`Too many processes were killed without a run at each point (${effect}).`);
      await lane.kill(killPoints[turn % killPoints.length] ?? 'claim');
      done += 1;
      onProgress(done, all);
    }
    const settled = await lane.settle();
    await lane.close();
    return settled;
  };
  const places: { effect: EffectClass; share: number; url: string }[] = [];
  for (let lane = 0; lane < lanes; lane += 1) {
    const share = Math.floor((kills + lane) / lanes);
    for (const effect of effects) if (share > 0) places.push({ effect, share, url: (await createDatabase()).url });
  }
  const settled = await Promise.all(places.map(({ effect, url, share }) => run(effect, url, share)));
  const cells = killPoints.flatMap((point) =>
    effects.map((effect) =>
      sum(settled.flatMap((lane) => lane.cells.filter((cell) => cell.point === point && cell.effect === effect))),
    ),
  );
  return { cells, problems: settled.flatMap(({ problems }) => problems) };
}

/** The same cell of several lanes. */
function sum(cells: readonly Cell[]): Cell {
  return cells.reduce((one, other) => ({
    ...one,
    kills: one.kills + other.kills,
    armed: one.armed + other.armed,
    taken: one.taken + other.taken,
    lost: one.lost + other.lost,
    twice: one.twice + other.twice,
    inDoubt: one.inDoubt + other.inDoubt,
  }));
}
