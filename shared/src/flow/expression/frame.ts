import { Budget } from './budget.js';
import { emptyObject, type Fields } from './value.js';

/** One evaluation: its input, the variables it was given, and what it may still use. */
export interface Run {
  readonly input: unknown;
  readonly bindings: Readonly<Record<string, unknown>> | undefined;
  readonly budget: Budget;
}

export type Evaluate = (input: unknown, frame: Frame) => unknown;

/** The variables in force at one place. */
export class Frame {
  readonly run: Run;
  readonly budget: Budget;
  #names: Fields | null;
  readonly #outer: Frame | null;

  constructor(run: Run, outer: Frame | null, names: Fields | null) {
    this.run = run;
    this.budget = run.budget;
    this.#outer = outer;
    this.#names = names;
  }

  inner(names: Fields | null): Frame {
    return new Frame(this.run, this, names);
  }

  bind(name: string, value: unknown): void {
    this.#names ??= emptyObject();
    this.#names[name] = value;
  }

  lookup(name: string): unknown {
    if (this.#names !== null && name in this.#names) return this.#names[name];
    return this.#outer === null ? given(this.run, name) : this.#outer.lookup(name);
  }
}

function given({ input, bindings }: Run, name: string): unknown {
  if (name === '$') return input;
  return bindings !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
}
