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
import type { GrantRequest } from './request.js';
import type { Narrowing } from './use-narrowing.js';
import classes from './Approvals.module.css';

const terms = [1, 7, 30, 90, 180, 365] as const;
const rates = [1, 5, 10, 50, 100] as const;
const renews = [['grants'], ['flows']];

/** The decision stays in view: who was in it, the reason, how long, the hash, and the buttons. */
export function Decision(props: { request: GrantRequest; narrowing: Narrowing; onDecided: () => void }) {
  const { request, narrowing } = props;
  const [reason, setReason] = useState('');
  const [days, setDays] = useState<number>(Math.min(180, request.longestDays));
  const [rate, setRate] = useState<number | null>(null);
  const [asksReason, setAsksReason] = useState(false);
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const approve = useWrite(grantsApi.approveDeployment, { renews, onDone: props.onDecided });
  const refuse = useWrite(grantsApi.refuseDeployment, { renews, onDone: props.onDecided });
  const mayDecideAtAll = useSuspenseQuery(meQuery()).data.permissions.includes('grants.decide');
  const { isPending } = request;
  // Another's part of a request is his to decide.
  const mine = request.grants.filter(({ mayDecide }) => mayDecide);
  const wider = request.changes.filter(({ change }) => change === 'wider');
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
    if (!request.mayDecide || needsReason()) return;
    approve.run({
      input: {
        params: { id: request.deployment },
        body: { reason, grants: limitsOf(mine, (grant) => ({ ...narrowing.limits(grant), days, ...rateLimit(rate) })) },
      },
      confirm: {
        title: 'Confirm with your second factor',
        body: <ApproveList request={request} kept={kept} days={days} />,
        verb: 'Sign and approve',
        footnote: `${signedWith(request)}, logged before it takes effect.`,
        always: true,
      },
    });
  }
  function startEmergency() {
    if (needsReason()) return;
    approve.run({
      input: {
        params: { id: request.deployment },
        body: { reason, emergency: true, grants: limitsOf(request.grants, narrowing.limits) },
      },
      confirm: {
        title: 'Approve alone, for an hour',
        body: 'Nobody else signs. All who may approve here are told, it ends after an hour, and another approver has to review it.',
        verb: 'Sign as an emergency',
        footnote: `${signedWith(request)}, logged as an emergency.`,
        danger: true,
        always: true,
      },
    });
  }
  function startRefusing() {
    if (!request.mayDecide || needsReason()) return;
    refuse.run({
      input: { params: { id: request.deployment }, body: { reason } },
      confirm: {
        title: `Refuse ${request.flow.name}, v${request.version}`,
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
          <RiskBars risk={request.risk} suffix="risk" />
        </p>
        <People request={request} />
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
              data={termsUpTo(request.longestDays).map((term) => ({
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
          <span className="label">{hashWords(request)}</span>
          {request.grants.map((grant) => (
            <code key={grant.id} className={classes.hash} title={grant.hash}>
              {request.grants.length > 1 && `${grant.slot} `}
              {shortHash(grant.hash)}
            </code>
          ))}
        </div>
      </div>
      {isPending ? (
        <div className={classes.decisionFoot}>
          {!request.mayDecide && (
            <p className={classes.mayNot}>
              <WhyNot request={request} />
            </p>
          )}
          <Button
            size="lg"
            fullWidth
            disabled={!request.mayDecide}
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
            disabled={!request.mayDecide}
            loading={refuse.busy}
            onClick={startRefusing}
            leftSection={<IconX size={15} stroke={2} />}
            rightSection={<Keys>R</Keys>}
          >
            Refuse
          </Button>
          {!request.mayDecide && mayDecideAtAll && (
            <Button variant="subtle" size="sm" fullWidth loading={approve.busy} onClick={startEmergency}>
              Emergency: alone, for an hour
            </Button>
          )}
          <p className={classes.small}>Asks for your second factor. Any later edit is a new version and asks again.</p>
        </div>
      ) : (
        <DecidedFoot request={request} />
      )}
    </aside>
  );
}

function WhyNot({ request }: { request: GrantRequest }) {
  const me = useSuspenseQuery(meQuery()).data;
  if (request.soloFrom && request.requestedBy.id === me.id && new Date(request.soloFrom) > now())
    return (
      <>
        You asked for this, and no other approver is there. You can decide it from <Time at={request.soloFrom} />.
      </>
    );
  return request.mayNotBecause ?? 'Your roles do not allow this decision; an approver decides.';
}

function limitsOf<L>(grants: readonly Grant[], of: (grant: Grant) => L): Record<string, L> {
  return Object.fromEntries(grants.map((grant) => [grant.id, of(grant)]));
}

function signedWith({ grants }: GrantRequest): string {
  return `Signed with hash ${grants.map(({ hash }) => shortHash(hash)).join(', ')}`;
}

function hashWords({ grants, isPending }: GrantRequest): string {
  if (grants.length > 1) return isPending ? 'Hashes you sign' : 'Hashes that were signed';
  return isPending ? 'Hash you sign' : 'Hash that was signed';
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
