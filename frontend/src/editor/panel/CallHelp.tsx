import { Fragment } from 'react';
import { type CallAt, partsOf } from './call-at.js';
import classes from './CallHelp.module.css';

/** What the function around the caret takes, the argument in hand in bold, what it does, and an example. */
export function CallHelp(props: { id: string; call: CallAt }) {
  const { name, builtin, argument } = props.call;
  const { parameters, gives } = partsOf(builtin);
  const inHand = Math.min(argument, parameters.length - 1);
  return (
    <span id={props.id} className={classes.help}>
      <code>
        ${name}(
        {parameters.map((parameter, index) => (
          <Fragment key={parameter}>
            {index > 0 && ', '}
            {index === inHand ? <b>{parameter}</b> : parameter}
          </Fragment>
        ))}
        ) → {gives}
      </code>
      <span>{builtin.says}</span>
      <code className={classes.example}>
        {builtin.example}
        {builtin.gives !== undefined && ` = ${JSON.stringify(builtin.gives)}`}
      </code>
    </span>
  );
}
