import { createContext, type RefObject, useContext, useRef } from 'react';

/** What commands may ask of the canvas without knowing how it is drawn. */
export interface CanvasView {
  fit(): void;
  zoomTo(scale: number): void;
  /** Brings a step into view and gives it the focus. */
  show(stepId: string): void;
  /** The middle of what is in view, in the canvas's own measure. */
  centre(): readonly [number, number];
}

const CanvasViewContext = createContext<RefObject<CanvasView | null> | null>(null);

export function CanvasViewProvider(props: { children: React.ReactNode }) {
  const view = useRef<CanvasView | null>(null);
  return <CanvasViewContext.Provider value={view}>{props.children}</CanvasViewContext.Provider>;
}

/** Null until the canvas stands. */
export function useCanvasView(): RefObject<CanvasView | null> {
  const view = useContext(CanvasViewContext);
  if (!view) throw new Error('useCanvasView is used outside CanvasViewProvider');
  return view;
}
