import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import type { RefusingPlace } from '../store/refusing-places.js';
import classes from './RefusedIn.module.css';

/** Where it would be refused, by environment: which data, to whom, and the way that it took. */
export function RefusedIn(props: { places: readonly RefusingPlace[] }) {
  return props.places.map(({ name, problems }) => (
    <Notice
      key={name}
      tone="waiting"
      title={
        <>
          Refused in <EnvironmentChip name={name} small />
        </>
      }
    >
      <ul className={classes.reasons}>
        {[...new Set(problems.map(({ message }) => message))].map((message) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </Notice>
  ));
}
