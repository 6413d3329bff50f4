import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { meQuery, versionQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { Code } from '../../ui/Code.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { ChangeValue, changeTitle } from './ChangeValue.js';
import type { GrantRequest } from './request.js';
import type { ServiceOf } from './TakeBack.js';
import { keyOf, type Narrowing } from './use-narrowing.js';
import classes from './Changes.module.css';

/** Of all slots: what they are compared with; null where nothing was granted. */
function runningVersion({ grants }: GrantRequest): number | null {
  const versions = grants.flatMap(({ active }) => active?.version ?? []);
  return versions.length === 0 ? null : Math.max(...versions);
}

/** A decided grant keeps the comparison that its approver saw. */
function titleOf(request: GrantRequest): string {
  const { isPending } = request;
  const version = runningVersion(request);
  if (version === null)
    return isPending ? 'What it allows; nothing is granted yet' : 'What it allows; nothing was granted before';
  return isPending ? `What changes against v${version}, running now` : `What changed against v${version}, running then`;
}

/** Only what differs from what runs now, riskiest first, less than before last. */
export function Changes(props: { request: GrantRequest; service: ServiceOf; narrowing: Narrowing }) {
  const { request } = props;
  const stepName = useStepNames(request);
  const wider = request.changes.filter(({ change }) => change === 'wider').length;
  const less = request.changes.length - wider;
  const counts = [wider > 0 && `${wider} wider`, less > 0 && `${less} less`].filter(Boolean).join(', ');
  const unchanged = request.grants.reduce((sum, grant) => sum + grant.unchanged, 0);
  return (
    <Card flush title={titleOf(request)} aside={counts}>
      <ul className={classes.changes}>
        {request.changes.length === 0 && (
          <li className={classes.unchanged}>Nothing it may do changes. The version is new.</li>
        )}
        {request.changes.map((change) => (
          <li
            key={keyOf(change)}
            className={classes.change}
            data-risk={change.change === 'less' ? 'less' : change.risk}
          >
            <RiskBars risk={change.change === 'less' ? 'less' : change.risk} />
            <div className={classes.what} data-out={props.narrowing.isLeftOut(change) || undefined}>
              <strong>{changeTitle(change)}</strong> <ChangeValue change={change} />
              <div className={classes.where}>
                {props.service(change.grant)} via <Code plain>{change.grant.slot}</Code>
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
                aria-label={`${props.narrowing.isLeftOut(change) ? 'Put back' : 'Leave out'} ${change.title}${
                  request.grants.length > 1 ? ` (${change.grant.slot})` : ''
                }`}
              >
                {props.narrowing.isLeftOut(change) ? 'Put back' : 'Leave out'}
              </Button>
            )}
          </li>
        ))}
        {unchanged > 0 && (
          <li className={classes.unchanged}>
            <strong>Unchanged</strong> {plural(unchanged, 'permission')} that v{runningVersion(request)} has already.
          </li>
        )}
      </ul>
    </Card>
  );
}

/** A step's name as the version has it; its id where that has none, or cannot be read. */
function useStepNames({ flow, version: number }: GrantRequest): (id: string) => string {
  const mayRead = useQuery(meQuery()).data?.permissions.includes('flows.read') ?? false;
  const version = useQuery({ ...versionQuery(flow.id, number), enabled: mayRead }).data;
  return (id) => version?.document.steps.find((step) => step.id === id)?.name ?? id;
}
