import { Tabs } from '@mantine/core';
import type { RunStep } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { formatDuration } from '../../lib/format-duration.js';
import { formatTime } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { Code, IdCode } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { Notice } from '../../ui/Notice.js';
import { Facts, PanelPart, SidePanel } from '../../ui/SidePanel.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { Ask, RunLink } from './Ask.js';
import { effectWords } from './effect-words.js';
import { Files } from './Files.js';
import { InDoubt } from './InDoubt.js';
import { JsonView } from './JsonView.js';
import { Passes } from './Passes.js';
import { StepEntries } from './StepEntries.js';
import { loopKeyOf, passWords } from './step-key.js';
import { type Reveals, useReveals } from './use-reveals.js';
import type { useOpenedPasses } from './use-opened-passes.js';
import classes from './Run.module.css';

const tryWords = {
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  in_doubt: 'the answer was lost',
} as const;

/** What: one step with its tries, what it took in and gave back, and the right it used. */
export function StepPanel(props: {
  runId: string;
  step: RunStep;
  tile: string;
  isRunOpen: boolean;
  erasedAt: string | null;
  mayOperate: boolean;
  mayAudit: boolean;
  mayReveal: boolean;
  connectionName: (id: string) => string;
  passes: ReturnType<typeof useOpenedPasses>;
  onSelect: (key: string) => void;
  onClose: () => void;
}) {
  const { step } = props;
  const loop = loopKeyOf(step);
  const gone = props.erasedAt === null ? null : `Erased on ${formatTime(new Date(props.erasedAt), now())}.`;
  const reveals = useReveals({ runId: props.runId, stepKey: step.key, mayReveal: props.mayReveal });
  return (
    <SidePanel label={step.name ?? step.id} width={358} onClose={props.onClose}>
      <div className={classes.stepHead}>
        <ConnectorTile name={props.tile} size={32} />
        <div className={classes.stepName}>
          <h2>{step.name ?? step.id}</h2>
          <span className="label">
            {step.kind}, <Code plain>{step.id}</Code>
            {loop !== null && (
              <>
                ,{' '}
                <button type="button" className={classes.link} onClick={() => props.onSelect(loop)}>
                  {passWords(step.key)}
                </button>
              </>
            )}
          </span>
        </div>
        <StatusBadge status={step.status} />
      </div>
      <Tabs defaultValue={step.passes === null ? 'overview' : 'passes'} keepMounted={false}>
        <Tabs.List px={10}>
          {step.passes !== null && <Tabs.Tab value="passes">Passes</Tabs.Tab>}
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="input">Input</Tabs.Tab>
          <Tabs.Tab value="output">Output</Tabs.Tab>
          {step.console && <Tabs.Tab value="console">Console</Tabs.Tab>}
          <Tabs.Tab value="log">Log</Tabs.Tab>
        </Tabs.List>
        {step.passes !== null && (
          <Tabs.Panel value="passes">
            <Passes runId={props.runId} loop={step} passes={props.passes} onSelect={props.onSelect} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="overview">
          <Overview {...props} />
        </Tabs.Panel>
        <Tabs.Panel value="input">
          <PanelPart>
            <RevealProblem reveals={reveals} />
            <JsonView
              label="Input"
              value={step.input}
              absent={gone ?? 'This step took no input, or it is no longer kept.'}
              side="input"
              masked={step.masked}
              reveals={reveals}
            />
            <WhoSaw runId={props.runId} step={step} side="input" mayAudit={props.mayAudit} />
            <Files value={step.input} mayReveal={props.mayReveal} />
          </PanelPart>
        </Tabs.Panel>
        <Tabs.Panel value="output">
          <PanelPart>
            <RevealProblem reveals={reveals} />
            <JsonView
              label="Output"
              value={step.output}
              absent={gone ?? 'This step gave no output.'}
              side="output"
              masked={step.masked}
              reveals={reveals}
            />
            <WhoSaw runId={props.runId} step={step} side="output" mayAudit={props.mayAudit} />
            <Files value={step.output} mayReveal={props.mayReveal} />
          </PanelPart>
        </Tabs.Panel>
        {step.console && (
          <Tabs.Panel value="console">
            <PanelPart>
              {/* Lines may be alike, and their order never changes. */}
              <ol className={classes.console} aria-label="Console">
                {step.console.map((line, at) => (
                  <li key={at}>{line}</li>
                ))}
              </ol>
            </PanelPart>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="log">
          <StepEntries runId={props.runId} stepKey={step.key} mayAudit={props.mayAudit} />
        </Tabs.Panel>
      </Tabs>
    </SidePanel>
  );
}

/** Whose eyes were on what of this step is masked. */
function WhoSaw(props: { runId: string; step: RunStep; side: 'input' | 'output'; mayAudit: boolean }) {
  const { step, side } = props;
  if (!props.mayAudit || !step.masked.some(({ field }) => field.startsWith(side))) return null;
  return (
    <p className="voice-3">
      <Link to="/audit" search={{ run: props.runId, action: 'run.field_revealed', q: step.key }}>
        Who saw values of this step
      </Link>
    </p>
  );
}

function RevealProblem({ reveals: { problem } }: { reveals: Reveals }) {
  return problem && <Notice tone="failed" title={problem.message} />;
}

function Overview(props: Parameters<typeof StepPanel>[0]) {
  const { step } = props;
  const call = step.attempts.findLast((attempt) => attempt.call)?.call;
  return (
    <>
      {step.status === 'in_doubt' && (
        <PanelPart>
          <InDoubt runId={props.runId} step={step} mayOperate={props.mayOperate} />
        </PanelPart>
      )}
      {step.ask !== null && step.status === 'waiting' && props.isRunOpen && (
        <PanelPart>
          <Ask runId={props.runId} step={step} />
        </PanelPart>
      )}
      {step.error && step.status !== 'in_doubt' && (
        <PanelPart>
          <Notice tone="failed" title={step.error.message}>
            <Code plain>{step.error.code}</Code>
          </Notice>
        </PanelPart>
      )}
      <PanelPart>
        <Facts
          items={[
            ['Started', step.startedAt && <Time key="started" at={step.startedAt} as="precise" />],
            ['Ended', step.endedAt && <Time key="ended" at={step.endedAt} as="precise" />],
            ['Waits until', step.until && <Time key="until" at={step.until} />],
            ['Took the path', step.port && step.port !== 'next' && <Code key="port">{step.port}</Code>],
            ['Began the run', step.child && <RunLink key="child" id={step.child} />],
            ['Effect', step.effect && effectWords[step.effect.class]],
            ['Done outside', step.effect && { yes: 'yes', no: 'no', unknown: 'not known' }[step.effect.done]],
          ]}
        />
        {step.startedAt === null && (
          <p className="voice-3">{step.status === 'skipped' ? 'Its path was not taken.' : 'It has not started.'}</p>
        )}
      </PanelPart>
      {step.attempts.length > 0 && (
        <PanelPart title="Tries">
          <ol className={classes.tries}>
            {step.attempts.map((attempt) => (
              <li key={attempt.attempt}>
                <span className="voice-3">{attempt.attempt}</span>
                <Time at={attempt.startedAt} as="precise" />
                <span className={classes.tryText}>{attempt.error?.message ?? tryWords[attempt.status]}</span>
                <span className="voice-2 numbers">
                  {attempt.endedAt &&
                    formatDuration(new Date(attempt.endedAt).getTime() - new Date(attempt.startedAt).getTime())}
                </span>
              </li>
            ))}
          </ol>
        </PanelPart>
      )}
      {call && (
        <PanelPart title="Under which right">
          <Facts
            items={[
              [
                'Connection',
                <Link key="connection" to="/connections" search={{ open: call.connection }}>
                  {props.connectionName(call.connection)}
                </Link>,
              ],
              [
                'Host',
                <Code key="host" plain>
                  {call.host}
                </Code>,
              ],
              [
                'Grant',
                call.grant ? (
                  <Link key="grant" to="/approvals" search={{ open: call.grant }}>
                    <IdCode id={call.grant} />
                  </Link>
                ) : (
                  'none needed here'
                ),
              ],
            ]}
          />
        </PanelPart>
      )}
    </>
  );
}
