import { parseArgs } from 'node:util';
import { simulate } from './simulate.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const usage = `Runs simulated histories of the engine and checks what must hold at the end of each.

  npm run simulate -- --seeds 10000 [--from 1]   many, one after another
  npm run simulate -- --seed 128 --trace         one, told line by line; the same each time
`;
const say = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) {
  say(usage);
  process.exit(0);
}
const from = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const began = performance.now();
let [runs, calls, seconds, bad] = [0, 0, 0, 0];
for (let seed = from; seed < from + count; seed += 1) {
  const outcome = await simulate(seed, values.trace ? say : null);
  runs += outcome.runs;
  calls += outcome.calls;
  seconds += outcome.seconds;
  if (outcome.broken.length > 0) {
    bad += 1;
    say(`seed ${seed}:\n  ${outcome.broken.slice(0, 20).join('\n  ')}`);
  }
  const done = seed - from + 1;
  if (done % 100 === 0 || done === count) {
    const took = ((performance.now() - began) / 1000).toFixed(1);
    say(
      `${done} histories, ${runs} runs, ${calls} calls, ${Math.round(seconds / 60)} simulated minutes, ${bad} broken, ${took} s`,
    );
  }
}
process.exitCode = bad === 0 ? 0 : 1;
