import classes from './Figures.module.css';

/** The numbers of a screen, side by side. */
export function Figures(props: { children: React.ReactNode }) {
  return <div className={classes.figures}>{props.children}</div>;
}

export function Figure(props: {
  label: string;
  value: React.ReactNode;
  note?: React.ReactNode;
  tone?: 'failed' | 'in-doubt' | undefined;
}) {
  return (
    <div className={classes.figure}>
      <span className="label">{props.label}</span>
      <span className={classes.value} data-tone={props.tone}>
        {props.value}
      </span>
      <span className={classes.note}>{props.note}</span>
    </div>
  );
}
