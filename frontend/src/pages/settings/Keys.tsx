import { Button, Progress } from '@mantine/core';
import { keysApi, type LogKey, type RootKey } from '@sluice/shared/api';
import { IconRotateClockwise } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { keysQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { groupKeys, type KeyGroup } from './key-groups.js';
import classes from './Settings.module.css';

const renews = [['keys']];

/** The keys that seal the workspace's secrets and data, how old they are, and how far a rotation is. */
export function Keys() {
  const keys = useQuery(keysQuery());
  const problem = keys.error && toProblem(keys.error);
  return (
    <Card flush title="Keys">
      {keys.isPending && (
        <div className={classes.pad}>
          <LoadingRows what="keys" rows={3} />
        </div>
      )}
      {problem && (
        <LoadFailed
          what="Keys"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void keys.refetch()}
        />
      )}
      {keys.data && (
        <ul>
          <RootRow root={keys.data.root} />
          <LogKeyRow log={keys.data.log} />
          {groupKeys(keys.data.items).map((group) => (
            <KeyRow key={group.environment ?? ''} group={group} />
          ))}
          {keys.data.items.length === 0 && (
            <li className={classes.row}>
              Nothing is sealed in this workspace yet: the first connection or run makes the first key.
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}

function RootRow(props: { root: RootKey }) {
  const { root } = props;
  const rotate = useWrite(keysApi.rotateRoot, { renews });
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <strong>Root key</strong> {root.name} <StatusBadge status={root.health.ok ? 'healthy' : 'failing'} />
        <p className="voice-2">
          Fingerprint <code>{root.fingerprint}</code>. It wraps {count(root.keys, 'key')}
          {root.keysUnderOlder === 0
            ? '.'
            : `; ${count(root.keysUnderOlder, 'key')} still under an older one: rotate to move them.`}
        </p>
        {!root.health.ok && <Notice tone="failed" title={root.health.message} />}
        {rotate.problem && <Notice tone="failed" title={rotate.problem.message} />}
      </div>
      <RotateButton
        label="Rotate the root key"
        busy={rotate.busy}
        onClick={() =>
          rotate.run({
            confirm: {
              title: 'Rotate the root key',
              body: 'Every key of this installation is wrapped anew, in seconds and without a stop. A root key in a file is made anew; the file before it stays beside it for your backups.',
              verb: 'Rotate',
              always: true,
            },
          })
        }
      />
    </li>
  );
}

/** The key that signs the log. */
function LogKeyRow({ log }: { log: LogKey | null }) {
  const rotate = useWrite(keysApi.rotateLog, { renews: [...renews, ['audit']] });
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <strong>Log key</strong>
        {log === null ? (
          <Notice tone="failed" title="The key that signs the log can’t be read: the audit screen says why." />
        ) : (
          <p className="voice-2">
            Key <code>{log.key.split('+')[1]}</code> signs the log
            {log.since !== null && (
              <>
                {' '}
                since <Time at={log.since} />, after {count(log.rotations, 'rotation')}
              </>
            )}
            . Whoever has the first key follows each rotation to it.
          </p>
        )}
        {rotate.problem && <Notice tone="failed" title={rotate.problem.message} />}
      </div>
      {log !== null && (
        <RotateButton
          label="Rotate the log key"
          busy={rotate.busy}
          onClick={() =>
            rotate.run({
              confirm: {
                title: 'Rotate the log key',
                body: 'The key of today signs once more, for the one that takes over, and is destroyed. Whoever kept it, and a witness, follow that signature; nobody needs a new key.',
                verb: 'Rotate',
                always: true,
              },
            })
          }
        />
      )}
    </li>
  );
}

function KeyRow(props: { group: KeyGroup }) {
  const { environment, purposes, version, since, rows, rowsLeft } = props.group;
  const rotate = useWrite(keysApi.rotate, { renews });
  const name = environment ?? 'the workspace';
  const isMoving = rowsLeft === null || rowsLeft > 0;
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        {environment === null ? <strong>Workspace</strong> : <EnvironmentChip name={environment} />}
        <p className="voice-2">
          Version {version} for {purposes.join(', ')}, since <Time at={since} />
        </p>
        {props.group.isRotating && isMoving && (
          <>
            <Progress
              size="sm"
              value={rows === null || rowsLeft === null || rows === 0 ? 0 : (100 * (rows - rowsLeft)) / rows}
              aria-label={`Rotation of ${name}`}
            />
            <p className="voice-2" role="status">
              {rowsLeft === null
                ? 'Counting the rows that need an old version.'
                : `An old version is still used by ${count(rowsLeft, 'row')} of ${rows ?? rowsLeft}.`}
            </p>
          </>
        )}
        {props.group.isRotating && !isMoving && (
          <p className="voice-2">No row needs the old version any more: it is destroyed within minutes.</p>
        )}
        {rotate.problem && <Notice tone="failed" title={rotate.problem.message} />}
      </div>
      <RotateButton
        label={`Rotate the keys of ${name}`}
        busy={rotate.busy}
        onClick={() =>
          rotate.run({
            input: { body: { environment } },
            confirm: {
              title: `Rotate the keys of ${name}`,
              body: 'A new version seals from now on. What is sealed already follows in the background; runs go on meanwhile.',
              verb: 'Rotate',
              always: true,
            },
          })
        }
      />
    </li>
  );
}

function RotateButton(props: { label: string; busy: boolean; onClick: () => void }) {
  return (
    <Button
      size="sm"
      variant="default"
      aria-label={props.label}
      loading={props.busy}
      leftSection={<IconRotateClockwise size={14} stroke={2} />}
      onClick={props.onClick}
    >
      Rotate
    </Button>
  );
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}
