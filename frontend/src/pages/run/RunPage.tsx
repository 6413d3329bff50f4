import { Button } from '@mantine/core';
import { type Reply, runsApi } from '@sluice/shared/api';
import { IconBan, IconCertificate, IconChevronRight } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { toProblem } from '../../api/problem.js';
import { connectionsQuery, meQuery, runQuery } from '../../api/queries.js';
import { useNow } from '../../lib/now.js';
import { useKeys } from '../../lib/use-keys.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { IdCode } from '../../ui/Code.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Page } from '../../ui/Page.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { DoneByRun } from './DoneByRun.js';
import { LeftTheBuilding } from './LeftTheBuilding.js';
import { RunProblems } from './RunProblems.js';
import { StepPanel } from './StepPanel.js';
import { drawWaterfall } from './waterfall.js';
import { WaterfallCard } from './WaterfallCard.js';
import { LinkButton } from '../shell/LinkButton.js';
import classes from './Run.module.css';

const RunGraphPane = lazy(async () => ({ default: (await import('./RunGraphPane.js')).RunGraphPane }));
const route = getRouteApi('/inside/runs/$runId');
export type RunReply = Reply<typeof runsApi.get>;

export function RunPage() {
  const { runId } = route.useParams();
  const run = useQuery(runQuery(runId));
  const problem = run.error && toProblem(run.error);
  if (run.data) return <OneRun run={run.data} />;
  return (
    <Page title="Run" heading={<Crumbs id={runId} />}>
      {problem ? (
        <LoadFailed
          what="This run"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void run.refetch()}
          back={
            <LinkButton to="/runs" size="sm" variant="default">
              All runs
            </LinkButton>
          }
        />
      ) : (
        <LoadingRows what="the run" />
      )}
    </Page>
  );
}

function OneRun(props: { run: RunReply }) {
  const { run } = props;
  const isOpen = run.endedAt === null;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const connections =
    useQuery({ ...connectionsQuery(), enabled: me.permissions.includes('connections.read') }).data?.items ?? [];
  const connectionName = (id: string) => connections.find((each) => each.id === id)?.name ?? id;
  const cancel = useWrite(runsApi.cancel, { renews: [['runs']] });
  const mayOperate = me.permissions.includes('runs.operate');
  const ticking = useNow(1000);
  const to = run.endedAt ? new Date(run.endedAt) : ticking;
  const waterfall = drawWaterfall(run.steps, { from: new Date(run.startedAt), to });
  const tiles = new Map(run.steps.map((step) => [step.id, tileOf(step, connections)]));
  // What needs eyes is open from the start; an address with a step wins.
  const first = run.steps.find(({ status }) => status === 'in_doubt' || status === 'failed');
  const selectedId = search.step === 'none' ? undefined : (search.step ?? first?.id);
  const selected = run.steps.find(({ id }) => id === selectedId);
  const select = (step: string) => void navigate({ search: { step }, replace: true });

  function move(by: 1 | -1) {
    const at = run.steps.findIndex(({ id }) => id === selectedId);
    const next = run.steps[Math.min(run.steps.length - 1, Math.max(0, at + by))];
    if (next) select(next.id);
  }
  useKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    '.': () => {
      const failed = run.steps.filter(({ status }) => status === 'failed' || status === 'in_doubt');
      const next = failed[(failed.findIndex(({ id }) => id === selectedId) + 1) % Math.max(1, failed.length)];
      if (next) select(next.id);
    },
  });

  const about = (
    <span className={classes.about}>
      <StatusBadge status={run.status} />
      <Link to="/flows/$flowId" params={{ flowId: run.flow.id }} className={classes.flow}>
        {run.flow.name}
      </Link>
      <span className={classes.version}>v{run.version}</span>
      <EnvironmentChip name={run.environment} />
    </span>
  );

  return (
    <Page
      bare
      title={`Run of ${run.flow.name}`}
      heading={<Crumbs id={run.id} />}
      subtitle={about}
      actions={
        <>
          <span className={classes.when}>
            <Time at={run.startedAt} />
          </span>
          {me.permissions.includes('audit.read') && (
            <LinkButton
              to="/audit"
              search={{ run: run.id }}
              variant="default"
              leftSection={<IconCertificate size={15} stroke={1.75} />}
            >
              Proof
            </LinkButton>
          )}
          {isOpen && mayOperate && (
            <Button
              variant="default"
              className={classes.cancel}
              leftSection={<IconBan size={15} stroke={1.75} />}
              loading={cancel.busy}
              onClick={() => cancel.run({ input: { params: { id: run.id } } })}
            >
              Cancel run
            </Button>
          )}
        </>
      }
      panel={
        selected && (
          <StepPanel
            key={selected.id}
            runId={run.id}
            step={selected}
            tile={tiles.get(selected.id) ?? selected.kind}
            mayOperate={mayOperate}
            mayAudit={me.permissions.includes('audit.read')}
            connectionName={connectionName}
            onClose={() => void navigate({ search: { step: 'none' }, replace: true })}
          />
        )
      }
    >
      <div className={classes.left}>
        <div className={classes.graphHead}>
          <h2>Graph</h2>
          <span className="voice-2">as in v{run.version}</span>
        </div>
        <div className={classes.graph}>
          <Suspense fallback={null}>
            <RunGraphPane
              flowId={run.flow.id}
              version={run.version}
              steps={run.steps}
              selected={selected?.id}
              onSelect={select}
            />
          </Suspense>
        </div>
        <DoneByRun run={run} />
      </div>
      <div className={classes.middle}>
        <div className={classes.phoneAbout}>{about}</div>
        <RunProblems run={run} cancelProblem={cancel.problem} onSelect={select} />
        <WaterfallCard
          waterfall={waterfall}
          startedAt={run.startedAt}
          tiles={tiles}
          selected={selected?.id}
          onSelect={select}
        />
        <LeftTheBuilding steps={run.steps} connectionName={connectionName} />
      </div>
    </Page>
  );
}

function Crumbs(props: { id: string }) {
  return (
    <>
      <Link to="/runs" className={classes.crumb}>
        Runs
      </Link>
      <IconChevronRight size={14} stroke={2} aria-hidden />
      <IdCode id={props.id} label="run id" />
    </>
  );
}

/** The connector of the call it made, else its kind. */
function tileOf(step: RunReply['steps'][number], connections: readonly { id: string; connector: string }[]): string {
  const used = step.attempts.find((attempt) => attempt.call)?.call?.connection;
  if (step.kind === 'trigger') return 'webhook';
  return connections.find(({ id }) => id === used)?.connector ?? step.kind;
}
