import { use, useEffect } from 'react';
import classes from './Page.module.css';
import { TopBarExtra } from './top-bar-extra.js';

/**
 * One screen: the top bar with the only h1, the content, and at the right the panel of what is selected.
 * `title` also names the browser tab; `heading` replaces it in the bar (breadcrumbs). Content, panel scroll apart.
 */
export function Page(props: {
  title: string;
  heading?: React.ReactNode;
  subtitle?: React.ReactNode;
  /** Ways to the parts of the screen; unlike the subtitle they stay on a phone. */
  tabs?: React.ReactNode;
  actions?: React.ReactNode;
  panel?: React.ReactNode;
  /** The content brings its own columns and scrolling. */
  bare?: boolean;
  children: React.ReactNode;
}) {
  const extra = use(TopBarExtra);
  useEffect(() => {
    document.title = `${props.title} · Sluice`;
  }, [props.title]);
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <h1 className={classes.title}>{props.heading ?? props.title}</h1>
        {props.subtitle && <div className={classes.subtitle}>{props.subtitle}</div>}
        {props.tabs}
        <div className={classes.actions}>
          {extra}
          {props.actions}
        </div>
      </header>
      <div className={classes.columns}>
        {props.bare ? props.children : <div className={classes.content}>{props.children}</div>}
        {props.panel}
      </div>
    </div>
  );
}
