import { ActionIcon } from '@mantine/core';
import type { FlowReply } from '@sluice/shared/api';
import { everyStep } from '@sluice/shared/flow';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import { plural } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { Endpoints } from '../deploy/Endpoints.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { FirstTry } from '../trial/FirstTry.js';
import { Versions } from '../versions/Versions.js';
import { LastRuns } from '../watch/LastRuns.js';
import { BoundChips } from './SlotRow.js';
import { WhoIsTold } from './WhoIsTold.js';
import classes from './FlowPanel.module.css';

/** The flow itself, while no step is selected: what stops it, what runs where, what it is connected to. */
export function FlowPanel(props: {
  flow: FlowReply;
  onShow: (stepId: string) => void;
  onWatch: (run: string) => void;
  onClose: () => void;
}) {
  const { flow } = props;
  const slots = useEditor((state) => state.document.slots);
  const hasHook = useEditor((state) =>
    state.document.steps.some((step) => step.kind === 'trigger' && step.connector !== 'manual'),
  );
  return (
    <section className={classes.panel} aria-label="This flow">
      <header className={classes.head}>
        <h2 className={classes.title}>This flow</h2>
        <ActionIcon aria-label="Close panel" onClick={props.onClose}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </header>
      <div className={classes.scroll}>
        <Problems onShow={props.onShow} />
        <section className={classes.part}>
          <h3 className={classes.sub}>Runs in</h3>
          {flow.deployments.length === 0 && (
            <p className="voice-3">Nowhere yet. Publish it, then deploy it to an environment.</p>
          )}
          {flow.latestVersion === null && <FirstTry />}
          {flow.deployments.map((deployment) => (
            <p key={deployment.environment} className={classes.line}>
              <EnvironmentChip name={deployment.environment} small />v{deployment.version}
              <span className="voice-3">
                {deployment.status === 'waiting'
                  ? 'waits for approval'
                  : deployment.status === 'refused'
                    ? 'refused'
                    : 'running'}
              </span>
            </p>
          ))}
        </section>
        {flow.latestVersion !== null && (
          <section className={classes.part}>
            <h3 className={classes.sub}>Last runs</h3>
            <LastRuns onWatch={props.onWatch} />
          </section>
        )}
        <section className={classes.part}>
          <h3 className={classes.sub}>Versions</h3>
          <Versions />
        </section>
        {Object.keys(slots).length > 0 && (
          <section className={classes.part}>
            <h3 className={classes.sub}>Slots</h3>
            {Object.entries(slots).map(([name, slot]) => (
              <SlotLine key={name} name={name} connector={slot.connector} />
            ))}
          </section>
        )}
        <WhoIsTold flowId={flow.id} />
        {hasHook && (
          <section className={classes.part}>
            <Endpoints />
          </section>
        )}
        <p className={classes.hint}>Select a step to set what it does. Press ? for the keys of this page.</p>
      </div>
    </section>
  );
}

function Problems(props: { onShow: (stepId: string) => void }) {
  const problems = useEditor((state) => state.problems);
  if (problems.length === 0) return null;
  return (
    <section className={classes.part}>
      <h3 className={classes.sub}>{plural(problems.length, 'problem')} to solve before it can be published</h3>
      <ul>
        {problems.map((problem) => {
          const { step } = problem;
          return (
            <li key={`${problem.code} ${problem.message}`} className={classes.problem}>
              <IconAlertTriangle size={14} stroke={2} aria-hidden />
              {step === undefined ? (
                <span>{problem.message}</span>
              ) : (
                <button type="button" onClick={() => props.onShow(step)}>
                  {problem.message}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function SlotLine(props: { name: string; connector: string }) {
  const actions = useActions();
  const title = useEditor((state) => state.catalogue[props.connector]?.title ?? props.connector);
  const isUsed = useEditor((state) =>
    [...everyStep(state.document)].some((step) => step.kind === 'action' && step.slot === props.name),
  );
  return (
    <div className={classes.slot}>
      <span className={classes.line}>
        <ConnectorTile name={props.connector} size={20} />
        <Code>{props.name}</Code>
        <span className="voice-3">{title}</span>
        {!isUsed && (
          <ActionIcon
            size={24}
            aria-label={`Remove the unused slot ${props.name}`}
            title="Not used: remove it"
            onClick={() => actions.change({ kind: 'remove-slot', name: props.name })}
          >
            <IconX size={14} stroke={2} />
          </ActionIcon>
        )}
      </span>
      {isUsed && <BoundChips slot={props.name} />}
    </div>
  );
}
