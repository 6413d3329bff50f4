import { versionWord } from '../../lib/version-word.js';
import { Button } from '@mantine/core';
import { allowsIn, type Reply, runsApi } from '@sluice/shared/api';
import {
  IconBan,
  IconCertificate,
  IconChevronRight,
  IconGitCompare,
  IconRotateClockwise,
  IconShare2,
} from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { aroundQuery, connectionsQuery, meQuery, runQuery } from '../../api/queries.js';
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
import { LetterNotice } from '../dead-letters/LetterNotice.js';
import { DoneByRun } from './DoneByRun.js';
import { LeftTheBuilding } from './LeftTheBuilding.js';
import { RetryDialog } from './RetryDialog.js';
import { RunProblems } from './RunProblems.js';
import { runRows } from './run-rows.js';
import { StepPanel } from './StepPanel.js';
import { unreadPasses } from './unread-passes.js';
import { useOpenedPasses } from './use-opened-passes.js';
import { useShareRun } from './use-share-run.js';
import { drawWaterfall } from './waterfall.js';
import { WaterfallCard } from './WaterfallCard.js';
import { LinkButton } from '../shell/LinkButton.js';
import classes from './Run.module.css';

const RunGraphPane = lazy(async () => ({ default: (await import('../../editor/RunGraphPane.js')).RunGraphPane }));
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
  const share = useShareRun(run.id);
  const mayOperate = me.permissions.includes('runs.operate');
  const mayAudit = allowsIn(me, 'audit.read', run.environment);
  // What ended well has nothing to be tried again.
  const isEnd = run.status === 'failed' || run.status === 'cancelled';
  const mayRetry = mayOperate && isEnd && run.erasedAt === null;
  const [isRetrying, setRetrying] = useState(false);
  const ticking = useNow(1000);
  const to = run.endedAt ? new Date(run.endedAt) : ticking;
  const passes = useOpenedPasses(run.id);
  // An address may name a step of a pass that nobody opened.
  const named = search.step?.includes('[') ? search.step : undefined;
  const around = useQuery({ ...aroundQuery(run.id, named ?? ''), enabled: named !== undefined }).data?.items ?? [];
  const opened = [...around, ...passes.opened.filter(({ loop }) => !around.some((each) => each.loop === loop))];
  const rows = runRows(run.steps, opened);
  const waterfall = drawWaterfall(rows, { from: new Date(run.startedAt), to });
  const steps = rows.map(({ step }) => step);
  const unread = unreadPasses(steps, opened.length);
  const tiles = new Map(steps.map((step) => [step.key, tileOf(step, connections)]));
  // What needs eyes is open from the start; an address with a step wins.
  const first = steps.find(needsEyes);
  const selectedKey = search.step === 'none' ? undefined : (search.step ?? first?.key);
  const selected = steps.find(({ key }) => key === selectedKey);
  const select = (step: string) => void navigate({ search: { step }, replace: true });
  /** A step that failed in a pass of a loop is found through its loop. */
  const selectFailed = (key: string) =>
    select(steps.find((step) => step.key === key)?.key ?? steps.find(({ passes: far }) => far?.failed)?.key ?? key);

  function move(by: 1 | -1) {
    const at = steps.findIndex(({ key }) => key === selectedKey);
    const next = steps[Math.min(steps.length - 1, Math.max(0, at + by))];
    if (next) select(next.key);
  }
  useKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    '.': () => {
      const failed = steps.filter(({ status }) => status === 'failed' || status === 'in_doubt');
      const next = failed[(failed.findIndex(({ key }) => key === selectedKey) + 1) % Math.max(1, failed.length)];
      if (next) select(next.key);
    },
    r: () => setRetrying(mayRetry),
  });

  const about = (
    <span className={classes.about}>
      <StatusBadge status={run.status} />
      <Link to="/flows/$flowId" params={{ flowId: run.flow.id }} className={classes.flow}>
        {run.flow.name}
      </Link>
      <span className={classes.version}>{versionWord(run.version)}</span>
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
          {mayAudit && (
            <LinkButton
              to="/audit"
              search={{ run: run.id }}
              variant="default"
              leftSection={<IconCertificate size={15} stroke={1.75} />}
            >
              Proof
            </LinkButton>
          )}
          {mayAudit && (
            <Button
              variant="default"
              title="A file with the entries of this run and their proof; values stay masked"
              leftSection={<IconShare2 size={15} stroke={1.75} />}
              loading={share.busy}
              onClick={share.start}
            >
              Share
            </Button>
          )}
          <LinkButton
            to="/runs/$runId/compare"
            params={{ runId: run.id }}
            variant="default"
            leftSection={<IconGitCompare size={15} stroke={1.75} />}
          >
            Compare
          </LinkButton>
          {mayRetry && (
            <Button leftSection={<IconRotateClockwise size={15} stroke={1.75} />} onClick={() => setRetrying(true)}>
              Retry
            </Button>
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
            key={selected.key}
            runId={run.id}
            step={selected}
            tile={tiles.get(selected.key) ?? selected.kind}
            isRunOpen={isOpen}
            erasedAt={run.erasedAt}
            mayOperate={mayOperate}
            mayAudit={mayAudit}
            mayReveal={me.permissions.includes('runs.reveal')}
            connectionName={connectionName}
            passes={passes}
            onSelect={select}
            onClose={() => void navigate({ search: { step: 'none' }, replace: true })}
          />
        )
      }
    >
      <div className={classes.left}>
        <div className={classes.graphHead}>
          <h2>Graph</h2>
          <span className="voice-2">as in {versionWord(run.version)}</span>
        </div>
        <div className={classes.graph}>
          <Suspense fallback={null}>
            <RunGraphPane
              flowId={run.flow.id}
              version={run.version}
              steps={steps}
              selected={selected?.id}
              onSelect={(id) => select(steps.find((step) => step.id === id)?.key ?? id)}
            />
          </Suspense>
        </div>
        <DoneByRun run={run} steps={steps} unread={unread} />
      </div>
      <div className={classes.middle}>
        <div className={classes.phoneAbout}>{about}</div>
        <RunProblems run={run} problems={[cancel.problem, share.problem]} onSelect={selectFailed} />
        <LetterNotice run={run} mayOperate={mayOperate} />
        <WaterfallCard
          waterfall={waterfall}
          startedAt={run.startedAt}
          tiles={tiles}
          selected={selected?.key}
          onSelect={select}
        />
        <LeftTheBuilding runId={run.id} connectionName={connectionName} onSelect={select} />
      </div>
      {isRetrying && <RetryDialog run={run} onClose={() => setRetrying(false)} />}
    </Page>
  );
}

/** Somebody must answer, or look. */
function needsEyes({ status, ask }: RunReply['steps'][number]): boolean {
  return status === 'in_doubt' || status === 'failed' || (status === 'waiting' && ask?.kind === 'approval');
}

function Crumbs(props: { id: string }) {
  return (
    <>
      <Link to="/runs" className={classes.crumb}>
        Runs
      </Link>
      <span className={classes.which}>
        <IconChevronRight size={14} stroke={2} aria-hidden />
        <IdCode id={props.id} label="run id" />
      </span>
    </>
  );
}

/** The connector of the call it made, else its kind. */
function tileOf(step: RunReply['steps'][number], connections: readonly { id: string; connector: string }[]): string {
  const used = step.attempts.find((attempt) => attempt.call)?.call?.connection;
  if (step.kind === 'trigger') return 'webhook';
  return connections.find(({ id }) => id === used)?.connector ?? step.kind;
}
