import { IconCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Mark } from '../../ui/Mark.js';
import classes from './SignInFrame.module.css';

/** The page before a session: the mark, one card, and a line under it. Nothing else competes. */
export function SignInFrame(props: {
  title: string;
  lead?: React.ReactNode;
  steps?: { names: readonly string[]; at: number };
  wide?: boolean;
  foot?: React.ReactNode;
  note?: React.ReactNode;
  children: React.ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Sluice`;
  }, [props.title]);
  return (
    <main className={classes.page}>
      <div className={classes.column} data-wide={props.wide || undefined}>
        <div className={classes.brand}>
          <Mark size={28} />
          <span>Sluice</span>
        </div>
        <div className={classes.card}>
          <div className={classes.body}>
            {props.steps && <Steps {...props.steps} />}
            <h1 className={classes.title}>{props.title}</h1>
            {props.lead && <p className={classes.lead}>{props.lead}</p>}
            {props.children}
          </div>
          {props.foot && <div className={classes.foot}>{props.foot}</div>}
        </div>
        {props.note && <p className={classes.note}>{props.note}</p>}
      </div>
    </main>
  );
}

function Steps(props: { names: readonly string[]; at: number }) {
  return (
    <ol className={classes.steps}>
      {props.names.map((name, index) => {
        const state = index < props.at ? 'done' : index === props.at ? 'now' : 'next';
        return (
          <li key={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className={classes.number}>
              {state === 'done' ? <IconCheck size={12} stroke={2} aria-label="done" /> : index + 1}
            </span>
            {name}
          </li>
        );
      })}
    </ol>
  );
}

/** A numbered part of the card. */
export function NumberedPart(props: { number: number; title: string; children: React.ReactNode }) {
  return (
    <section className={classes.part}>
      <h2 className={classes.partTitle}>
        <span className={classes.partNumber} aria-hidden>
          {props.number}
        </span>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}
