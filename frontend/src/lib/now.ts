import { useEffect, useState } from 'react';

/** The reader's clock; the one place in the browser code that asks for the time. */
export function now(): Date {
  return new Date();
}

/** The time, renewed every `everyMs`, for ages and countdowns. */
export function useNow(everyMs: number): Date {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return at;
}
