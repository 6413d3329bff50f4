import { createContext, useContext, useMemo, useRef } from 'react';

/** What commands may ask of the canvas without knowing how it is drawn. */
export interface CanvasView {
  fit(): void;
  zoomTo(scale: number): void;
  /** Brings a step into view and gives it the focus. */
  show(stepId: string): void;
  /** The middle of what is in view, in the canvas's own measure. */
  centre(): readonly [number, number];
}

/** Holds the canvas's deeds for as long as it stands. */
interface CanvasSlot {
  /** Null until the canvas stands. */
  view(): CanvasView | null;
  hold(view: CanvasView | null): void;
}

const CanvasSlotContext = createContext<CanvasSlot | null>(null);

export function CanvasViewProvider(props: { children: React.ReactNode }) {
  const held = useRef<CanvasView | null>(null);
  const slot = useMemo(
    (): CanvasSlot => ({
      view: () => held.current,
      hold(view) {
        held.current = view;
      },
    }),
    [],
  );
  return <CanvasSlotContext.Provider value={slot}>{props.children}</CanvasSlotContext.Provider>;
}

export function useCanvasSlot(): CanvasSlot {
  const slot = useContext(CanvasSlotContext);
  if (!slot) throw new Error('useCanvasSlot is used outside CanvasViewProvider');
  return slot;
}
