import { createContext, useContext, useMemo, useRef, useState } from 'react';

/** The field that a click in the data tree fills, and the path that is being dragged. */
interface FieldFocus {
  /** From now on paths go here. */
  readonly take: (insert: (path: string) => void) => void;
  /** Puts a path into the field that had the focus last. */
  readonly insert: (path: string) => void;
  readonly dragged: string | null;
  readonly setDragged: (path: string | null) => void;
}

const FieldFocusContext = createContext<FieldFocus | null>(null);

export function FieldFocusProvider(props: { children: React.ReactNode }) {
  const field = useRef<((path: string) => void) | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const value = useMemo(
    (): FieldFocus => ({
      take(insert) {
        field.current = insert;
      },
      insert: (path) => field.current?.(path),
      dragged,
      setDragged,
    }),
    [dragged],
  );
  return <FieldFocusContext.Provider value={value}>{props.children}</FieldFocusContext.Provider>;
}

export function useFieldFocus(): FieldFocus {
  const focus = useContext(FieldFocusContext);
  if (!focus) throw new Error('useFieldFocus is used outside a step panel');
  return focus;
}

export const pathDragType = 'application/x-sluice-path';
