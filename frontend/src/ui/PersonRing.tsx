import { toneFor } from './person-tone.js';
import classes from './Avatar.module.css';

/** Around what others have selected: a ring in the colour of the first, and their names. Its label says it to readers. */
export function PersonRing({ names }: { names: readonly string[] }) {
  const [first, ...more] = names;
  if (first === undefined) return null;
  return (
    <span className={classes.ring} data-tone={toneFor(first)} aria-hidden>
      <span className={classes.name}>{more.length === 0 ? first : `${first} +${more.length}`}</span>
    </span>
  );
}
