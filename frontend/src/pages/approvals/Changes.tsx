import { Button } from '@mantine/core';
import type { Grant } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { meQuery, versionQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { Code } from '../../ui/Code.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { ChangeValue, changeTitle } from './ChangeValue.js';
import type { Narrowing } from './use-narrowing.js';
import classes from './Changes.module.css';

/** A decided grant keeps the comparison that its approver saw. */
function titleOf({ active, status }: Grant): string {
  const isPending = status === 'pending';
  if (active === null)
    return isPending ? 'What it allows; nothing is granted yet' : 'What it allows; nothing was granted before';
  return isPending
    ? `What changes against v${active.version}, running now`
    : `What changed against v${active.version}, running then`;
}

/** Only what differs from what runs now, riskiest first, less than before last. */
export function Changes(props: { grant: Grant; service: string; narrowing: Narrowing }) {
  const { grant } = props;
  const stepName = useStepNames(grant);
  const wider = grant.changes.filter(({ change }) => change === 'wider').length;
  const less = grant.changes.length - wider;
  const counts = [wider > 0 && `${wider} wider`, less > 0 && `${less} less`].filter(Boolean).join(', ');
  return (
    <Card flush title={titleOf(grant)} aside={counts}>
      <ul className={classes.changes}>
        {grant.changes.length === 0 && (
          <li className={classes.unchanged}>Nothing it may do changes. The version is new.</li>
        )}
        {grant.changes.map((change) => (
          <li
            key={`${change.kind} ${change.value}`}
            className={classes.change}
            data-risk={change.change === 'less' ? 'less' : change.risk}
          >
            <RiskBars risk={change.change === 'less' ? 'less' : change.risk} />
            <div className={classes.what} data-out={props.narrowing.isLeftOut(change) || undefined}>
              <strong>{changeTitle(change)}</strong> <ChangeValue change={change} />
              <div className={classes.where}>
                {props.service} via <Code plain>{grant.slot}</Code>
                {change.steps.length > 0 &&
                  ` · For ${change.steps.length === 1 ? 'step' : 'steps'} ${change.steps.map(stepName).join(', ')}`}
              </div>
            </div>
            {props.narrowing.canLeaveOut(change) && (
              <Button
                size="sm"
                variant="default"
                className={classes.narrow}
                onClick={() => props.narrowing.toggle(change)}
                aria-label={`${props.narrowing.isLeftOut(change) ? 'Put back' : 'Leave out'} ${change.title}`}
              >
                {props.narrowing.isLeftOut(change) ? 'Put back' : 'Leave out'}
              </Button>
            )}
          </li>
        ))}
        {grant.unchanged > 0 && (
          <li className={classes.unchanged}>
            <strong>Unchanged</strong> {plural(grant.unchanged, 'permission')} that v{grant.active?.version} has
            already.
          </li>
        )}
      </ul>
    </Card>
  );
}

/** A step's name as the version has it; its id where that has none, or cannot be read. */
function useStepNames(grant: Grant): (id: string) => string {
  const mayRead = useQuery(meQuery()).data?.permissions.includes('flows.read') ?? false;
  const version = useQuery({ ...versionQuery(grant.flow.id, grant.version), enabled: mayRead }).data;
  return (id) => version?.document.steps.find((step) => step.id === id)?.name ?? id;
}
