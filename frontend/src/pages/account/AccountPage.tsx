import { Button } from '@mantine/core';
import { authApi } from '@sluice/shared/api';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { meQuery, sessionsQuery } from '../../api/queries.js';
import { Card } from '../../ui/Card.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { Facts } from '../../ui/SidePanel.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { NoticeChoices } from '../notices/NoticeChoices.js';
import { RecoveryCodes } from '../sign-in/RecoveryCodes.js';
import { useWrite } from '../step-up/use-write.js';
import { rolesText } from '../settings/role-words.js';
import classes from '../settings/Settings.module.css';

export function AccountPage() {
  const me = useSuspenseQuery(meQuery()).data;
  return (
    <Page title="Account">
      <div className={classes.column}>
        <Card title="You">
          <Facts
            items={[
              ['Name', me.name],
              ['E-mail', me.email],
              ['Roles', rolesText(me.roles, me.environmentRoles)],
              ['Workspace', me.workspace.name],
            ]}
          />
        </Card>
        <NoticeChoices />
        <SecondFactor />
        <Sessions />
      </div>
    </Page>
  );
}

function SecondFactor() {
  const me = useSuspenseQuery(meQuery()).data;
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = useWrite(authApi.recoveryCodes, { renews: [], onDone: (reply) => setCodes(reply.recoveryCodes) });
  return (
    <Card
      title="Second factor"
      aside={
        <StatusBadge status={me.secondFactor ? 'verified' : 'off'} plain>
          {me.secondFactor ? 'Authenticator' : 'None yet'}
        </StatusBadge>
      }
    >
      <div className={classes.stack}>
        <p className="voice-2">Used to sign in, and again to approve, rotate and stop.</p>
        {renew.problem && <Notice tone="failed" title={renew.problem.message} />}
        {codes ? (
          <>
            <Notice tone="waiting" title="You see these codes only now">
              The old ones have stopped working.
            </Notice>
            <RecoveryCodes codes={codes} />
          </>
        ) : (
          <div>
            <Button
              variant="default"
              loading={renew.busy}
              onClick={() =>
                renew.run({
                  confirm: {
                    title: 'Make new recovery codes',
                    body: 'The codes you have now stop working at once.',
                    verb: 'Make new codes',
                    always: true,
                  },
                })
              }
            >
              Make new recovery codes
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Sessions() {
  const sessions = useQuery(sessionsQuery());
  const end = useWrite(authApi.revokeSession, { renews: [sessionsQuery().queryKey] });
  const problem = sessions.error && toProblem(sessions.error);
  return (
    <Card flush title="Where you are signed in" aside={sessions.data && String(sessions.data.items.length)}>
      {sessions.isPending && (
        <div className={classes.pad}>
          <LoadingRows what="your sessions" rows={2} />
        </div>
      )}
      {problem && (
        <LoadFailed
          what="Your sessions"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void sessions.refetch()}
        />
      )}
      {end.problem && (
        <div className={classes.pad}>
          <Notice tone="failed" title={end.problem.message} />
        </div>
      )}
      <ul>
        {sessions.data?.items.map((session) => (
          <li key={session.id} className={classes.row}>
            <div className={classes.grow}>
              <strong>{describeAgent(session.userAgent)}</strong>
              <div className="label">
                {session.address ?? 'address unknown'}, since <Time at={session.startedAt} />, last seen{' '}
                <Time at={session.lastSeenAt} />
              </div>
            </div>
            {session.current ? (
              <span className="voice-2">This one</span>
            ) : (
              <Button
                size="sm"
                variant="default"
                loading={end.busy}
                onClick={() => end.run({ input: { params: { id: session.id } } })}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** `Firefox on Linux`: enough to know one's own devices apart. */
export function describeAgent(agent: string | null): string {
  if (!agent) return 'Unknown browser';
  const browser = [
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrom(e|ium)\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ] as const;
  const system = [
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'macOS'],
    [/Linux/, 'Linux'],
  ] as const;
  const name = browser.find(([pattern]) => pattern.test(agent))?.[1];
  const on = system.find(([pattern]) => pattern.test(agent))?.[1];
  return name ? `${name}${on ? ` on ${on}` : ''}` : agent.slice(0, 40);
}
