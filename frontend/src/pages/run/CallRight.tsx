import type { RunCall } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { ClassTag } from '../../ui/ClassTag.js';
import { Code, IdCode } from '../../ui/Code.js';
import { effectWords } from './effect-words.js';
import classes from './Run.module.css';

/** Under which right a request went out, what of people was in it, and what keeps it from happening twice. */
export function CallRight({ call }: { call: RunCall }) {
  return (
    <div className={classes.right}>
      {call.scopes.length > 0 && <span>scopes {call.scopes.join(', ')}</span>}
      {call.grant && (
        <span>
          grant{' '}
          <Link to="/approvals" search={{ open: call.grant }}>
            <IdCode id={call.grant} />
          </Link>
        </span>
      )}
      {call.effect && <span title={effectWords[call.effect]}>{call.effect}</span>}
      {call.key && (
        <span title="Calls that the service takes for one have the same">
          key <Code plain>{call.key}</Code>
        </span>
      )}
      {call.classes.map((name) => (
        <ClassTag key={name} name={name} />
      ))}
    </div>
  );
}
