import type { auditApi, Reply } from '@sluice/shared/api';
import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import type { ApiProblem } from '../../api/problem.js';
import { formatCount } from '../../lib/format-count.js';
import { now } from '../../lib/now.js';
import { shortHash } from '../../lib/shorten-id.js';
import { Code } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import type { SealState } from '../../ui/Seal.js';
import { Time } from '../../ui/Time.js';
import classes from './Audit.module.css';

type Result = Reply<typeof auditApi.verify>;

/** The first thing on the screen: does the log hold, up to where, checked when. */
export function ProofState(props: {
  status: SealState | undefined;
  result: Result | undefined;
  problem: ApiProblem | null;
}) {
  const { result } = props;
  if (props.problem)
    return (
      <Notice tone="failed" title={props.problem.message}>
        Nothing was checked.
      </Notice>
    );
  if (result) return <Verified result={result} />;
  if (!props.status) return null;
  const { state, entries, checkedAt, failedAt } = props.status;
  if (state === 'failed') {
    return (
      <Frame tone="failed" title={`The check failed${failedAt ? ` at ${failedAt}` : ''}`}>
        Something was changed or removed. Keep an export of this log and compare it with a checkpoint that left this
        machine.
      </Frame>
    );
  }
  return (
    <Frame
      tone={state === 'verified' ? 'succeeded' : 'waiting'}
      title={state === 'verified' ? `Verified up to ${formatCount(entries)} entries` : 'Not checked yet'}
    >
      {checkedAt ? (
        <>
          Last check <Time at={checkedAt} />. No gap, no change, no entry removed.
        </>
      ) : (
        `${formatCount(entries)} entries stand in the log. Verify now reads every one.`
      )}
    </Frame>
  );
}

function Verified(props: { result: Result }) {
  const { ok, entries, blocks, checkpoint, firstBad } = props.result;
  if (!ok) {
    return (
      <Frame tone="failed" title="The log does not hold">
        {firstBad
          ? `First fault in lane ${firstBad.lane}, block ${firstBad.block}${firstBad.position === null ? '' : `, entry ${firstBad.position}`}: ${firstBad.why}`
          : 'The check names no entry.'}
      </Frame>
    );
  }
  const lane = checkpoint && Object.entries(checkpoint.lanes)[0];
  return (
    <Frame tone="succeeded" title={`Verified: ${formatCount(entries)} entries in ${formatCount(blocks)} blocks`}>
      Checked <Time at={now().toISOString()} />. No gap, no change, no entry removed.{' '}
      {lane && (
        <>
          Lane {lane[0]} ends at block {lane[1].n}, <Code plain>{shortHash(lane[1].hash)}</Code>.
        </>
      )}
    </Frame>
  );
}

const icons = { succeeded: IconShieldCheck, waiting: IconShieldQuestion, failed: IconShieldX };

function Frame(props: { tone: keyof typeof icons; title: string; children: React.ReactNode }) {
  const Glyph = icons[props.tone];
  return (
    <section className={classes.proof} role="status">
      <span className={classes.shield} data-tone={props.tone}>
        <Glyph size={20} stroke={1.75} aria-hidden />
      </span>
      <div>
        <h2>{props.title}</h2>
        <p className="voice-2">{props.children}</p>
      </div>
    </section>
  );
}
