import { createHmac, type KeyObject } from 'node:crypto';
import type { RunPass, RunStep } from '@sluice/shared/api';
import {
  findMasked,
  type FlowClasses,
  type Keyed,
  maskSentence,
  type MaskedField,
  type Masking,
  maskValue,
  publicShape,
  type Shape,
} from '@sluice/shared/flow';

type Side = 'input' | 'output';

/** Texts shorter than this are no quotation: they stand in any sentence. */
const shortestQuote = 4;
const mostQuotes = 2000;

export function keyedBy(key: KeyObject): Keyed {
  return (text) => createHmac('sha256', key).update(text).digest();
}

/** What people see of a run's data: stand-ins by class, the same for equal values of one environment. */
export class Mask {
  private readonly quotes = new Map<string, string>();

  constructor(
    private readonly classes: FlowClasses,
    private readonly masking: Masking,
  ) {}

  /** Replaces what steps took, gave and said. Messages come last: one may quote any of the values. */
  steps(steps: readonly RunStep[]): void {
    for (const step of steps) step.masked = (['input', 'output'] as const).flatMap((side) => this.side(step, side));
    for (const step of steps) {
      if (step.error !== null) step.error = this.failure(step.error);
      for (const attempt of step.attempts) if (attempt.error !== null) attempt.error = this.failure(attempt.error);
      if (step.console !== undefined) step.console = step.console.map((line) => this.sentence(line));
    }
  }

  /** The same of passes of a loop. */
  passes(passes: readonly RunPass[]): void {
    this.steps(passes.flatMap((pass) => pass.steps));
    for (const pass of passes) if (pass.error !== null) pass.error = this.failure(pass.error);
  }

  /** What a failure quotes of the values seen so far, and what else in it looks like somebody's, is replaced. */
  failure<Failure extends { message: string }>(failure: Failure): Failure {
    return { ...failure, message: this.sentence(failure.message) };
  }

  /** The value behind one field of a step (`output.customer.email`), or null. */
  find(step: RunStep, field: string): ReturnType<typeof findMasked> {
    const [side = '', ...names] = field.split('.');
    if ((side !== 'input' && side !== 'output') || names.length === 0) return null;
    return findMasked(step[side], this.shapeOf(step, side), { field: names.join('.'), ...this.masking });
  }

  private side(step: RunStep, side: Side): MaskedField[] {
    if (step[side] === undefined) return [];
    const { value, masked } = maskValue(step[side], this.shapeOf(step, side), {
      ...this.masking,
      onText: (text, stand) => this.note(text, stand),
    });
    step[side] = value;
    return masked.map(({ field, class: held }) => ({ field: field === '' ? side : `${side}.${field}`, class: held }));
  }

  /** A step whose classes aren't known (its connector is gone) holds unknown data. */
  private shapeOf({ id }: RunStep, side: Side): Shape {
    return this.classes.steps.get(id)?.[side] ?? unknownShape;
  }

  private note(text: string, stand: string): void {
    if (text.length >= shortestQuote && this.quotes.size < mostQuotes) this.quotes.set(text, stand);
  }

  private sentence(message: string): string {
    let said = message;
    for (const [text, stand] of this.quotes) if (said.includes(text)) said = said.replaceAll(text, () => stand);
    return maskSentence(said, this.masking);
  }
}

const unknownShape: Shape = {
  ...publicShape,
  own: new Map([['personal', { step: '', field: '', from: null }]]),
  all: new Map([['personal', { step: '', field: '', from: null }]]),
};
