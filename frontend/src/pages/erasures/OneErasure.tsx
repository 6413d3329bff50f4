import { Button, Progress } from '@mantine/core';
import { type Erasure, erasuresApi } from '@sluice/shared/api';
import { IconEraser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { toProblem } from '../../api/problem.js';
import { erasureQuery } from '../../api/queries.js';
import { formatCount, plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Facts } from '../../ui/SidePanel.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { Findings } from './Findings.js';
import { stateOf } from './state-words.js';
import classes from './Erasures.module.css';

const renews = [['erasures'], ['runs'], ['inbox']];

/** One search: how far it is, where the value stands, and the erasing of it. */
export function OneErasure({ id }: { id: string }) {
  const {
    data: erasure,
    error,
    refetch,
  } = useQuery({
    ...erasureQuery(id),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 1000 : false),
  });
  const problem = error && toProblem(error);
  if (problem)
    return (
      <LoadFailed
        what="This search"
        message={problem.message}
        requestId={problem.requestId ?? undefined}
        onRetry={() => void refetch()}
      />
    );
  if (!erasure) return <LoadingRows what="the search" />;
  const { status, says } = stateOf(erasure);
  return (
    <>
      <Link to="/audit/erasures" className={classes.back}>
        All searches
      </Link>
      <Card title={erasure.reason} aside={<StatusBadge status={status}>{says}</StatusBadge>}>
        <Facts
          items={[
            ['Environment', <EnvironmentChip key="environment" name={erasure.environment} small />],
            [
              'Runs begun',
              <span key="range">
                {erasure.from.slice(0, 10)} to {lastDay(erasure)}, UTC
              </span>,
            ],
            [
              'Looked for by',
              <span key="by">
                {erasure.by.name}, <Time at={erasure.startedAt} />
              </span>,
            ],
            ['Confirmed by', erasure.confirmedBy?.name],
          ]}
        />
      </Card>
      <Progressing erasure={erasure} />
      {erasure.found > 0 && <Findings erasure={erasure} />}
    </>
  );
}

export function isUnderWay({ status }: Erasure): boolean {
  return status === 'searching' || status === 'erasing';
}

function lastDay({ to }: Erasure): string {
  return new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
}

/** What goes on, or what is to be decided. */
function Progressing({ erasure }: { erasure: Erasure }) {
  const { status, looked, total, found, erased, open } = erasure;
  const cancel = useWrite(erasuresApi.cancel, { renews });
  const erase = useWrite(erasuresApi.erase, { renews });
  const input = { params: { id: erasure.id } };
  const left = found - erased;
  const problem = erase.problem ?? cancel.problem;
  const stop = (
    <Button size="sm" variant="default" loading={cancel.busy} onClick={() => cancel.run({ input })}>
      {status === 'found' ? 'Leave it' : 'Stop'}
    </Button>
  );
  const ask = () =>
    erase.run({
      input: (reason) => ({ ...input, body: { found, reason } }),
      confirm: {
        always: true,
        danger: true,
        title: `Erase what ${plural(left, 'place')} hold`,
        body: (
          <>
            <p>
              All values of these runs and deliveries go, not the one value alone: inputs, outputs, files, questions,
              errors, business keys. Runs stay in the lists with their steps and times. They can’t be tried again.
            </p>
            <p>Nobody can undo it. Backups made before hold them until you drop those.</p>
          </>
        ),
        reasonLabel: 'Reason, kept in the log',
        verb: `Erase ${plural(left, 'place')}`,
      },
    });
  const eraseButton = (
    <Button
      size="sm"
      color="danger"
      leftSection={<IconEraser size={15} stroke={1.75} />}
      loading={erase.busy}
      onClick={ask}
    >
      Erase
    </Button>
  );
  return (
    <>
      {problem && <Notice tone="failed" title={problem.message} />}
      {status === 'searching' && (
        <Notice tone="quiet" title={`Looked at ${formatCount(looked)} of ${plural(total, 'run')}`} action={stop}>
          <Progress
            aria-label="Progress of the search"
            value={total === 0 ? 100 : Math.min(100, (looked / total) * 100)}
          />
        </Notice>
      )}
      {status === 'erasing' && (
        <Notice tone="quiet" title={`Erased ${formatCount(erased)} of ${plural(found, 'place')}`} action={stop}>
          <Progress aria-label="Progress of the erasing" value={found === 0 ? 100 : (erased / found) * 100} />
        </Notice>
      )}
      {status === 'found' && found === 0 && (
        <Notice tone="succeeded" title="It stands nowhere">
          {plural(looked, 'run')} and what flows remember were opened. What a person wrote into a flow itself is not
          looked at.
        </Notice>
      )}
      {status === 'found' && found > 0 && (
        <Notice
          tone="waiting"
          title={`It stands in ${plural(found, 'place')}`}
          action={
            <div className={classes.deeds}>
              {stop}
              {eraseButton}
            </div>
          }
        >
          Look through them: everything that these runs carried is erased with it.
        </Notice>
      )}
      {status === 'done' && left === 0 && (
        <Notice tone="succeeded" title={`${plural(erased, 'place')} erased`}>
          Look for it once more to see that nothing new came in. Every proof of the log is as valid as before.
        </Notice>
      )}
      {status === 'done' && left > 0 && (
        <Notice tone="waiting" title={`${plural(erased, 'place')} erased, ${left} left`} action={eraseButton}>
          {plural(open, 'run')} went on: cancel them or wait for their end, then erase what is left.
        </Notice>
      )}
      {status === 'cancelled' && (
        <Notice tone="quiet" title={`Stopped; ${plural(erased, 'place')} erased`}>
          Look for it again to go on.
        </Notice>
      )}
    </>
  );
}
