import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether an element placed above a list is in view, so whether the list is at its top. */
export function useIsAtTop(): [RefObject<HTMLDivElement | null>, boolean] {
  const mark = useRef<HTMLDivElement>(null);
  const [isAtTop, setAtTop] = useState(true);
  useEffect(() => {
    if (!mark.current) return;
    const observer = new IntersectionObserver((entries) => setAtTop(entries.at(-1)?.isIntersecting ?? true));
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, []);
  return [mark, isAtTop];
}
