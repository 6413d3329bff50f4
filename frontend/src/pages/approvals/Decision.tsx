import { Button, Select, Textarea } from '@mantine/core';
import { type Grant, grantsApi } from '@sluice/shared/api';
import { IconX } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { meQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { formatDay } from '../../lib/format-time.js';
import { now } from '../../lib/now.js';
import { shortHash } from '../../lib/shorten-id.js';
import { useKeys } from '../../lib/use-keys.js';
import { Keys } from '../../ui/Keys.js';
import { Notice } from '../../ui/Notice.js';
import { RiskBars } from '../../ui/RiskBars.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { ApproveList } from './ApproveList.js';
import { DecidedFoot } from './DecidedFoot.js';
import { People } from './People.js';
import type { Narrowing } from './use-narrowing.js';
import classes from './Approvals.module.css';

const terms = [1, 7, 30, 90, 180, 365] as const;
const rates = [1, 5, 10, 50, 100] as const;
const renews = [['grants'], ['flows']];

/** The decision stays in view: who was in it, the reason, how long, the hash, and the buttons. */
export function Decision(props: { grant: Grant; narrowing: Narrowing; onDecided: () => void }) {
  const { grant, narrowing } = props;
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<number>(Math.min(180, grant.longestDays));
  const [rate, setRate] = useState<number | null>(null);
  const [asksReason, setAsksReason] = useState(false);
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const approve = useWrite(grantsApi.approve, { renews, onDone: props.onDecided });
  const refuse = useWrite(grantsApi.refuse, { renews, onDone: props.onDecided });
  const mayDecideAtAll = useSuspenseQuery(meQuery()).data.permissions.includes('grants.decide');
  const isPending = grant.status === 'pending';
  const wider = grant.changes.filter(({ change }) => change === 'wider');
  const kept = wider.filter((change) => !narrowing.isLeftOut(change));
  const problem = approve.problem ?? refuse.problem;

  function needsReason(): boolean {
    if (reason.trim() !== '') return false;
    setAsksReason(true);
    reasonField.current?.scrollIntoView({ block: 'center' });
    reasonField.current?.focus();
    return true;
  }
  function startApproving() {
    if (!grant.mayDecide || needsReason()) return;
    approve.run({
      input: {
        params: { id: grant.id },
        body: { reason, limits: { ...narrowing.limits(), days, ...rateLimit(rate) } },
      },
      confirm: {
        title: 'Confirm with your second factor',
        body: <ApproveList grant={grant} kept={kept} days={days} />,
        verb: 'Sign and approve',
        footnote: `Signed with hash ${shortHash(grant.hash)}, logged before it takes effect.`,
        always: true,
      },
    });
  }
  function startEmergency() {
    if (needsReason()) return;
    approve.run({
      input: { params: { id: grant.id }, body: { reason, emergency: true, limits: narrowing.limits() } },
      confirm: {
        title: 'Approve alone, for an hour',
        body: 'Nobody else signs. All who may approve here are told, it ends after an hour, and another approver has to review it.',
        verb: 'Sign as an emergency',
        footnote: `Signed with hash ${shortHash(grant.hash)}, logged as an emergency.`,
        danger: true,
        always: true,
      },
    });
  }
  function startRefusing() {
    if (!grant.mayDecide || needsReason()) return;
    refuse.run({
      input: { params: { id: grant.id }, body: { reason } },
      confirm: {
        title: `Refuse ${grant.flow.name}, v${grant.version}`,
        body: 'The version does not start in this environment. What runs there now goes on.',
        verb: 'Refuse',
        danger: true,
        always: true,
      },
    });
  }
  useKeys(isPending ? { a: startApproving, r: startRefusing, n: focusNarrowing } : {});

  return (
    <aside className={classes.decision} aria-label="Decision">
      <div className={classes.decisionBody}>
        <h2 className={classes.decisionTitle}>Decision</h2>
        <p>
          <RiskBars risk={grant.risk} suffix="risk" />
        </p>
        <People grant={grant} />
        {problem && <Notice tone="failed" title={problem.message} />}
        {isPending && (
          <>
            <Textarea
              ref={reasonField}
              label="Reason, kept in the log"
              autosize
              minRows={3}
              maxLength={500}
              value={reason}
              error={asksReason && reason.trim() === '' && 'Say why, in a sentence.'}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Select
              label="Ends after"
              data={termsUpTo(grant.longestDays).map((term) => ({
                value: String(term),
                label: `${plural(term, 'day')}, ${formatDay(daysAhead(term), now())}`,
              }))}
              value={String(days)}
              allowDeselect={false}
              onChange={(value) => setDays(Number(value))}
            />
            <Select
              label="At most"
              placeholder="As its connection allows"
              clearable
              data={rates.map((each) => ({ value: String(each), label: `${plural(each, 'call')} a second` }))}
              value={rate === null ? null : String(rate)}
              onChange={(value) => setRate(value === null ? null : Number(value))}
            />
          </>
        )}
        <div>
          <span className="label">{isPending ? 'Hash you sign' : 'Hash that was signed'}</span>
          <code className={classes.hash} title={grant.hash}>
            {shortHash(grant.hash)}
          </code>
        </div>
      </div>
      {isPending ? (
        <div className={classes.decisionFoot}>
          {!grant.mayDecide && (
            <p className={classes.mayNot}>
              <WhyNot grant={grant} />
            </p>
          )}
          <Button
            size="lg"
            fullWidth
            disabled={!grant.mayDecide}
            loading={approve.busy}
            onClick={startApproving}
            rightSection={<Keys onAccent>A</Keys>}
          >
            {narrowing.leftOut.size > 0 ? `Narrow and approve ${kept.length}` : approveWords(kept.length)}
          </Button>
          <Button
            variant="default"
            className={classes.refuse}
            fullWidth
            disabled={!grant.mayDecide}
            loading={refuse.busy}
            onClick={startRefusing}
            leftSection={<IconX size={15} stroke={2} />}
            rightSection={<Keys>R</Keys>}
          >
            Refuse
          </Button>
          {!grant.mayDecide && mayDecideAtAll && (
            <Button variant="subtle" size="sm" fullWidth loading={approve.busy} onClick={startEmergency}>
              Emergency: alone, for an hour
            </Button>
          )}
          <p className={classes.small}>Asks for your second factor. Any later edit is a new version and asks again.</p>
        </div>
      ) : (
        <DecidedFoot grant={grant} />
      )}
    </aside>
  );
}

function WhyNot({ grant }: { grant: Grant }) {
  const me = useSuspenseQuery(meQuery()).data;
  if (grant.soloFrom && grant.requestedBy.id === me.id && new Date(grant.soloFrom) > now())
    return (
      <>
        You asked for this, and no other approver is there. You can decide it from <Time at={grant.soloFrom} />.
      </>
    );
  return grant.mayNotBecause ?? 'Your roles do not allow this decision; an approver decides.';
}

function approveWords(count: number): string {
  return count > 1 ? `Approve all ${count}` : 'Approve';
}

function focusNarrowing(): void {
  document.querySelector<HTMLButtonElement>('button[aria-label^="Leave out"]')?.focus();
}

function termsUpTo(longest: number): number[] {
  const shorter = terms.filter((term) => term <= longest);
  return shorter.includes(365) || shorter.some((term) => term === longest) ? shorter : [...shorter, longest];
}

function rateLimit(rate: number | null) {
  return rate === null ? {} : { rate: { callsPerSecond: rate, burst: rate * 2 } };
}

function daysAhead(days: number): Date {
  return new Date(now().getTime() + days * 86_400_000);
}
