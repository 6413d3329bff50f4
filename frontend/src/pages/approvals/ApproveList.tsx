import { plural } from '../../lib/format-count.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { ChangeValue, changeTitle } from './ChangeValue.js';
import type { Change, GrantRequest } from './request.js';
import { keyOf } from './use-narrowing.js';
import classes from './Approvals.module.css';

/** What is about to be signed, once more. */
export function ApproveList(props: { request: GrantRequest; kept: readonly Change[]; days: number }) {
  const { request, kept } = props;
  return (
    <>
      <p>
        You are approving {plural(kept.length, 'change')} in <EnvironmentChip name={request.environment} small /> for{' '}
        <strong>
          {request.flow.name}, v{request.version}
        </strong>
        , for {plural(props.days, 'day')}.{' '}
        {request.signaturesNeeded - request.signatures.length > 1
          ? 'Another approver signs after you.'
          : 'With your approval it may start at once.'}
      </p>
      {kept.length > 0 && (
        <ul className={classes.repeat} tabIndex={0} aria-label="What you approve">
          {kept.map((change) => (
            <li key={keyOf(change)}>
              <RiskBars risk={change.risk} />
              <span>
                {changeTitle(change)} <ChangeValue change={change} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
