import type { Json } from '@sluice/shared/lib';
import type { CodeRunner } from '../../src/engine/errands.js';
import type { Climate } from './climate.js';
import type { Machine } from './machine.js';

/** Code that was begun. */
export interface SandboxLine {
  at: number;
  run: string;
  step: string;
  /** What the engine was told: `ok` or the code of an error; null when whoever asked died before. */
  end: string | null;
}

const bad = ['code.timeout', 'code.memory', 'code.failed', 'code.busy'] as const;

/** What code in a simulated flow gives, which follows from its input; whoever runs it, and however often. */
export function resultOf(input: Json): Json {
  return { of: input };
}

/** The sandbox without its threads: code is slow at times, runs out of time or memory, or its thread dies. */
export class MemorySandbox implements CodeRunner {
  constructor(private readonly rooms: { machine: Machine; climate: Climate; lines: SandboxLine[] }) {}

  run({ input }: { input: Json }): ReturnType<CodeRunner['run']> {
    const { machine, climate, lines } = this.rooms;
    const { world } = machine;
    const { run, step } = textsOf(input);
    const line: SandboxLine = { at: world.now, run, step, end: null };
    lines.push(line);
    machine.fault('as code begins');
    const isBad = machine.isStormy && world.chance.happens(climate.badCode);
    const end = isBad ? world.chance.pick(bad) : 'ok';
    // Behind others it may wait for its turn for up to a minute.
    const isSlow = machine.isStormy && world.chance.happens(climate.badCode);
    const ms = isSlow ? world.chance.between(1000, 60_000) : world.chance.between(1, 1000);
    return new Promise((resolve) =>
      machine.after(ms, () => {
        machine.fault('as code ends');
        if (!machine.alive) return;
        line.end = end;
        world.trace(`${machine.name} ran code of ${run} ${step}: ${end}`);
        if (end === 'ok') resolve({ ok: true, json: JSON.stringify(resultOf(input)), logs: [] });
        else resolve({ ok: false, error: { code: end, message: 'The code went wrong.' }, logs: ['a line'] });
      }),
    );
  }
}

/** Simulated flows tell their code whose it is. */
function textsOf(input: Json): { run: string; step: string } {
  const { run, step } = Object(input);
  return { run: String(run), step: String(step) };
}
