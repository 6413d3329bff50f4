import { Button, CopyButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { toProblem } from '../../api/problem.js';
import { auditCheckpointQuery } from '../../api/queries.js';
import { formatCount } from '../../lib/format-count.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import classes from './Audit.module.css';

/** The newest checkpoint, to be kept where this installation can't change it. */
export function SealedUpTo() {
  const { data, error } = useQuery(auditCheckpointQuery());
  // A log of its first second has none.
  if (error && toProblem(error).code !== 'checkpoint.none')
    return (
      <Notice tone="failed" title="The checkpoint could not be read">
        {toProblem(error).message}
      </Notice>
    );
  if (!data) return null;
  if (data.stoppedBy !== null)
    return (
      <Notice tone="failed" title="The log is sealed no more">
        {data.stoppedBy}
      </Notice>
    );
  return (
    <div className={classes.sealed}>
      <p className="voice-2">
        Sealed up to block {formatCount(data.size)}, signed <Time at={data.at} />
        {data.witness && (
          <>
            ; {data.witness.name} cosigned up to block {formatCount(data.witness.size)} <Time at={data.witness.at} />
          </>
        )}
        .{' '}
        {data.selfCheck && (
          <>
            Checked <Time at={data.selfCheck.at} />: the newest blocks and some older ones,{' '}
            {formatCount(data.selfCheck.entries)} entries hashed anew.{' '}
          </>
        )}
        Keep the checkpoint and the key on another machine: with them an export proves that it is this log, whole.
      </p>
      <Copy what="checkpoint" text={data.note} />
      <Copy what="key" text={data.key} />
    </div>
  );
}

function Copy({ what, text }: { what: string; text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          onClick={copy}
        >
          {copied ? 'Copied' : `Copy ${what}`}
        </Button>
      )}
    </CopyButton>
  );
}
