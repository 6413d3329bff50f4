import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './Loading.module.css';

/** Grey rows in the shape of a list, after 300 ms; after 3 s a word. */
export function LoadingRows(props: { what: string; rows?: number }) {
  const [phase, setPhase] = useState<'blank' | 'shape' | 'slow'>('blank');
  useEffect(() => {
    const shape = setTimeout(() => setPhase('shape'), 300);
    const slow = setTimeout(() => setPhase('slow'), 3000);
    return () => {
      clearTimeout(shape);
      clearTimeout(slow);
    };
  }, []);
  return (
    <div className={classes.rows} role="status" aria-busy>
      <span className="for-readers">Loading {props.what}</span>
      {phase !== 'blank' &&
        Array.from({ length: props.rows ?? 8 }, (_, row) => <Skeleton key={row} height={30} radius={6} />)}
      {phase === 'slow' && <p className="voice-3">Reading {props.what} takes longer than usual.</p>}
    </div>
  );
}

/** In place of a page whose code has not arrived. */
export function LoadingPage() {
  return (
    <div className={classes.page}>
      <LoadingRows what="this page" />
    </div>
  );
}
