import type { EffectClass } from './cells.js';
import type { LedgerService } from './ledger-service.js';

/** The steps of the flow that an order goes through, each of which writes one line into the service's ledger. */
export const steps = ['one', 'two', 'three'] as const;

/** A delivery, by the word of whoever sent it. */
export interface Order {
  name: string;
  effect: EffectClass;
  /** What it is counted under. */
  group: string;
  /** Somebody was told that it is taken. */
  isTaken: boolean;
}

/** What our own tables say of an order's runs; only whether a person is asked is believed. */
export interface Told {
  runs: number;
  isAsked: boolean;
  /** For whoever looks into a loss: `failed step.timeout`. */
  state: string;
}

/** What became of an order that was taken, by the service's ledger. */
export interface Fate {
  order: Order;
  /** A step without its effect, and nobody is asked; or not exactly one run. */
  isLost: boolean;
  /** An effect of one step happened more than once. */
  isTwice: boolean;
  isAsked: boolean;
  state: string;
}

export interface Count {
  taken: number;
  lost: number;
  twice: number;
  inDoubt: number;
}

export function fateOf(order: Order, service: LedgerService, told: Told | undefined): Fate {
  const { runs, isAsked, state } = told ?? { runs: 0, isAsked: false, state: 'no run' };
  const effects = steps.map((step) => service.lines.get(`${order.name} ${step}`)?.effects ?? 0);
  const isLost = runs !== 1 || (!isAsked && effects.includes(0));
  return { order, isLost, isTwice: effects.some((n) => n > 1), isAsked, state };
}

export function countOf(fates: readonly Fate[]): Count {
  const count = (is: (fate: Fate) => boolean) => fates.filter(is).length;
  return {
    taken: fates.length,
    lost: count(({ isLost }) => isLost),
    twice: count(({ isTwice }) => isTwice),
    inDoubt: count(({ isAsked }) => isAsked),
  };
}

/** What must not be. */
export function problemsOf({ order, isLost, isTwice, isAsked, state }: Fate): string[] {
  const name = `${order.name} (${order.effect})`;
  return [
    ...(isLost ? [`${name} is lost: ${state}`] : []),
    ...(isTwice ? [`${name} was done twice`] : []),
    ...(isAsked && order.effect !== 'unsafe' ? [`${name} is asked about without need`] : []),
  ];
}
