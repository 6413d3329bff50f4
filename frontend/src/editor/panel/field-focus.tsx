import { createContext, type RefObject, useContext, useMemo, useRef, useState } from 'react';

/** The field that a click in the data tree fills, and the path that is being dragged. */
interface FieldFocus {
  readonly field: RefObject<{ insert: (path: string) => void } | null>;
  readonly dragged: string | null;
  readonly setDragged: (path: string | null) => void;
}

const FieldFocusContext = createContext<FieldFocus | null>(null);

export function FieldFocusProvider(props: { children: React.ReactNode }) {
  const field = useRef<{ insert: (path: string) => void } | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const value = useMemo(() => ({ field, dragged, setDragged }), [dragged]);
  return <FieldFocusContext.Provider value={value}>{props.children}</FieldFocusContext.Provider>;
}

export function useFieldFocus(): FieldFocus {
  const focus = useContext(FieldFocusContext);
  if (!focus) throw new Error('useFieldFocus is used outside a step panel');
  return focus;
}

export const pathDragType = 'application/x-sluice-path';
