import { createContext, useContext } from 'react';
import type { PlacedStep } from './place-steps.js';
import type { Box } from './route.js';

/** Where a step stands on the canvas, and the container around it. */
export interface StepBox extends Box {
  id: string;
  level: string | null;
}

export function boxesOf(placed: ReadonlyMap<string, PlacedStep>): StepBox[] {
  return [...placed.values()].map(({ id, corner: [x, y], size, level }) => ({ id, x, y, ...size, level }));
}

/** What a step needs while a wire is being drawn or a step is being changed from the canvas. */
export interface Wiring {
  /** Steps that may take the wire in hand; null while none is. */
  readonly targets: ReadonlySet<string> | null;
  readonly isReadOnly: boolean;
  /** Small drawing of a run: fewer words. */
  readonly isSmall: boolean;
  insertOn(wireId: string, at: { x: number; y: number }): void;
  /** Why the wire in hand may not go there. */
  refusalOf(wire: { source: string; sourceHandle?: string | null | undefined; target: string }): string | null;
  boxes: readonly StepBox[];
  /** Runs one step on samples of those before it. */
  tryStep(stepId: string): void;
  toggle(stepId: string): void;
  /** Folds a loop or a group, or opens it again. */
  fold(stepId: string): void;
  duplicate(stepId: string): void;
  remove(stepId: string): void;
  writeNote(noteId: string, text: string): void;
}

const WiringContext = createContext<Wiring | null>(null);
export const WiringProvider = WiringContext.Provider;

export function useWiring(): Wiring {
  const wiring = useContext(WiringContext);
  if (!wiring) throw new Error('useWiring is used outside the canvas');
  return wiring;
}
