import classes from './EnvironmentChip.module.css';

const kinds: Record<string, string> = { dev: 'dev', staging: 'staging', production: 'production' };

/**
 * The environment that a row or a deed is about. `text` stands in for the name where the order already says it
 * (a version, a connection); readers and hover still get the name.
 */
export function EnvironmentChip(props: { name: string; small?: boolean; text?: string }) {
  return (
    <span
      className={classes.chip}
      data-kind={kinds[props.name] ?? 'other'}
      data-small={props.small || undefined}
      title={props.text ? props.name : undefined}
    >
      <span className={classes.dot} aria-hidden />
      {props.text ?? props.name}
      {props.text && <span className="for-readers"> in {props.name}</span>}
    </span>
  );
}
