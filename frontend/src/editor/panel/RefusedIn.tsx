import { ClassTag } from '../../ui/ClassTag.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Notice } from '../../ui/Notice.js';
import type { RefusingPlace } from '../store/refusing-places.js';
import classes from './RefusedIn.module.css';

/** Where it would be refused, by environment: which data, and the way that it takes out. */
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
      <ul className={classes.ways}>
        {problems.map(({ class: held = 'personal', trail = [] }) => {
          const way = trail.map(({ step, field }) => (field === '' ? step : `${step}.${field}`)).join(' -> ');
          return (
            <li key={`${held} ${way}`}>
              <ClassTag name={held} /> {way}
            </li>
          );
        })}
      </ul>
      Leave it out, or ask an admin to allow the class there.
    </Notice>
  ));
}
