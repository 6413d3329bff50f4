import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.js';

const seeds = 500;
const inOneTest = 50;

describe('histories full of crashes, pauses, lost answers and broken connections', () => {
  it.each(Array.from({ length: seeds / inOneTest }, (_, i) => i * inOneTest + 1))(
    'keep what was promised, from seed %i on',
    async (from) => {
      for (let seed = from; seed < from + inOneTest; seed += 1) {
        const { broken } = await simulate(seed);
        expect(broken, `npm run simulate -- --seed ${seed} --trace`).toEqual([]);
      }
    },
    120_000,
  );

  it('that break a promise are told, and are the same to the byte when they are replayed', async () => {
    const run = async (seed: number) => {
      const lines: string[] = [];
      return { ...(await simulate(seed, (line) => lines.push(line), { isServiceForgetful: true })), lines };
    };
    const seedsTried = Array.from({ length: 40 }, (_, i) => i + 1);
    const failing: Awaited<ReturnType<typeof run>>[] = [];
    for (const seed of seedsTried) {
      const outcome = await run(seed);
      if (outcome.broken.length > 0) failing.push(outcome);
    }
    expect(failing.length).toBeGreaterThan(2);
    expect(failing.flatMap(({ broken }) => broken).every((sentence) => sentence.startsWith('N2'))).toBe(true);
    for (const outcome of failing) expect(await run(outcome.seed)).toEqual(outcome);
  }, 60_000);

  it('are the same each time for the same seed, and others for another', async () => {
    const traceOf = async (seed: number) => {
      const lines: string[] = [];
      await simulate(seed, (line) => lines.push(line));
      return lines;
    };
    for (const seed of [7, 8, 9]) expect(await traceOf(seed)).toEqual(await traceOf(seed));
    expect((await simulate(7)).fingerprint).not.toBe((await simulate(8)).fingerprint);
  }, 60_000);
});
