import classes from './EmptyState.module.css';

/** Nothing here: one sentence on what this is, and one thing to do. */
export function EmptyState(props: { title: string; children?: React.ReactNode; action?: React.ReactNode }) {
  return (
    <div className={classes.empty}>
      <h2 className={classes.title}>{props.title}</h2>
      {props.children && <p className={classes.text}>{props.children}</p>}
      {props.action}
    </div>
  );
}
