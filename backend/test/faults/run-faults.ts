import type { HouseProgram } from '../spawn-house.js';
import { type Cell, effects, killPoints } from './cells.js';
import { FaultLane } from './lane.js';

/** Kills processes at each point for each effect class, `kills` times; what is wrong comes last. */
export async function runFaults({
  program,
  kills,
  createDatabase,
  onProgress = () => undefined,
}: {
  program: HouseProgram;
  kills: number;
  createDatabase(): Promise<{ url: string }>;
  onProgress?: (done: number, of: number) => void;
}): Promise<{ cells: Cell[]; problems: string[] }> {
  const all = effects.length * killPoints.length * kills;
  let done = 0;
  const urls: string[] = [];
  for (const _effect of effects) urls.push((await createDatabase()).url);
  const lanes = await Promise.all(
    effects.map(async (effect, i) => {
      const url = urls[i] ?? '';
      const lane = await FaultLane.open({ effect, url, program });
      // Points take turns, so that each meets what the others left.
      for (let kill = 0; kill < kills; kill += 1) {
        for (const point of killPoints) {
          await lane.kill(point);
          done += 1;
          onProgress(done, all);
        }
      }
      const settled = await lane.settle();
      await lane.close();
      return settled;
    }),
  );
  const cells = lanes.flatMap((lane) => lane.cells);
  const order = (cell: Cell) => killPoints.indexOf(cell.point) * effects.length + effects.indexOf(cell.effect);
  cells.sort((one, other) => order(one) - order(other));
  return { cells, problems: [...lanes.flatMap(({ chain }) => chain), ...cells.flatMap(problemsOf)] };
}

function problemsOf({ point, effect, lost, twice, inDoubt }: Cell): string[] {
  const at = `${effect} at ${point}`;
  return [
    ...(lost > 0 ? [`${lost} lost: ${at}`] : []),
    ...(twice > 0 ? [`${twice} done twice: ${at}`] : []),
    ...(inDoubt > 0 && effect !== 'unsafe' ? [`${inDoubt} asked without need: ${at}`] : []),
  ];
}
