import classes from './Keys.module.css';

/** A key, as a hint inside or beside what it does. */
export function Keys(props: { children: string; onAccent?: boolean }) {
  return (
    <kbd className={classes.keys} data-accent={props.onAccent || undefined}>
      {props.children}
    </kbd>
  );
}
