import classes from './Card.module.css';

/** A bordered part of a page with its own h2. */
export function Card(props: {
  title?: React.ReactNode;
  aside?: React.ReactNode;
  children: React.ReactNode;
  flush?: boolean;
  foot?: React.ReactNode;
}) {
  return (
    <section className={classes.card}>
      {props.title && (
        <div className={classes.head}>
          <h2 className={classes.title}>{props.title}</h2>
          {props.aside && <span className="voice-2">{props.aside}</span>}
        </div>
      )}
      <div className={props.flush ? undefined : classes.body}>{props.children}</div>
      {props.foot && <div className={classes.foot}>{props.foot}</div>}
    </section>
  );
}
