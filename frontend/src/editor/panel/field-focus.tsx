import { createContext, useContext, useMemo, useRef, useState } from 'react';

interface Field {
  insert: (path: string) => void;
  /** The person went from the data to something else. */
  leave: () => void;
}

/** The field that a click in the data tree fills, and the path that is being dragged. */
interface FieldFocus {
  /** From now on paths go here. */
  readonly take: (field: Field) => void;
  /** Puts a path into the field that had the focus last. */
  readonly insert: (path: string) => void;
  readonly leave: () => void;
  readonly dragged: string | null;
  readonly setDragged: (path: string | null) => void;
}

const FieldFocusContext = createContext<FieldFocus | null>(null);

export function FieldFocusProvider(props: { children: React.ReactNode }) {
  const field = useRef<Field | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const value = useMemo(
    (): FieldFocus => ({
      take(taken) {
        field.current = taken;
      },
      insert: (path) => field.current?.insert(path),
      leave: () => field.current?.leave(),
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

/** Marks the data section: a field whose focus goes there is still being filled. */
export const dataSection = { 'data-fills-field': true } as const;

/** A field that changed its height as the pointer goes down in the data would move the data away from the click. */
export function isInData(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-fills-field]') !== null;
}

export const pathDragType = 'application/x-sluice-path';
