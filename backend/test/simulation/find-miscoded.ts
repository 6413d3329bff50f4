import { isDeepStrictEqual } from 'node:util';
import type { RunMemory } from '../../src/engine/run-memory.js';
import type { Facts } from './invariants.js';
import { resultOf } from './memory-sandbox.js';
import type { EntryRow } from './tables.js';

/** N4 and N2 for code: the log knew of each try before it began, and says no end that the sandbox did not give; nobody is asked. */
export function* findMiscoded({ tables, sandbox }: Facts): Generator<string> {
  const linesOf = Map.groupBy(sandbox, ({ run, step }) => `${run} ${step}`);
  for (const [name, lines] of linesOf) {
    const [run = '', step = ''] = name.split(' ');
    const entries = tables.entriesOf(run).filter((entry) => entry.step === step);
    const intents = entries.filter(({ action }) => action === 'step.intent');
    if (entries.some(({ action }) => action === 'step.in_doubt'))
      yield `N2 ${step} of ${run} asks a person, and its code can only be run again`;
    for (const [nth, { at }] of lines.entries())
      if (intents.filter(({ committedAt }) => committedAt <= at).length <= nth)
        yield `N4 code of ${step} of ${run} began for the ${nth + 1}. time before its intent`;
  }
  for (const { id } of tables.runs.all()) {
    const ends = Map.groupBy(tables.entriesOf(id).flatMap(endOf), (end) => end);
    for (const [end, all] of ends) {
      const [step = '', said = ''] = end.split(' ');
      const given = linesOf.get(`${id} ${step}`)?.filter((line) => line.end === said).length ?? 0;
      if (given < all.length)
        yield `N2 ${step} of ${id} is said to have ended ${said} ${all.length} times, not ${given}`;
    }
  }
}

/** N5 for code: the run goes on with what its own code gave. */
export function* findMixedUp({ id, root: { plan, state } }: RunMemory): Generator<string> {
  for (const {
    id: step,
    step: { kind },
  } of plan.steps) {
    const output = kind === 'code' ? state.scope.steps[step] : undefined;
    if (output === undefined || Object(output).error !== undefined) continue;
    const { trigger } = state.scope;
    const { n } = Object(Object(trigger).body);
    if (!isDeepStrictEqual(output, resultOf({ run: id, step, ...(n === undefined ? {} : { n }) })))
      yield `N5 ${step} of ${id} gave ${JSON.stringify(output)}`;
  }
}

/** `step end`, as a run's entries say how its code ended; nothing for all else: a loop fails with what failed in it. */
function endOf({ action, step, detail }: EntryRow): string[] {
  if (detail?.['kind'] !== 'code') return [];
  if (action === 'step.outcome') return [`${step} ok`];
  const code = Object(detail?.['error']).code;
  return action === 'step.failed' && String(code).startsWith('code.') ? [`${step} ${code}`] : [];
}
