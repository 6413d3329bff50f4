import { Button } from '@mantine/core';
import { type Token, tokensApi } from '@sluice/shared/api';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { tokensQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { Card } from '../../ui/Card.js';
import { Code } from '../../ui/Code.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { TokenDialog } from './TokenDialog.js';
import classes from './Settings.module.css';

const soonMs = 7 * 86_400_000;

/** API tokens: the reader's own, and everybody's for who manages members. */
export function Tokens(props: { meId: string }) {
  const tokens = useQuery(tokensQuery());
  const [isMaking, setMaking] = useState(false);
  const revoke = useWrite(tokensApi.revoke, { renews: [['tokens']] });
  const problem = tokens.error && toProblem(tokens.error);
  const make = (
    <Button size="sm" leftSection={<IconPlus size={14} stroke={2} />} onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  const items = tokens.data?.items ?? [];
  return (
    <Card flush title="API tokens" aside={items.length > 0 && make}>
      {tokens.isPending && (
        <div className={classes.pad}>
          <LoadingRows what="API tokens" rows={2} />
        </div>
      )}
      {problem && (
        <LoadFailed
          what="API tokens"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void tokens.refetch()}
        />
      )}
      {revoke.problem && (
        <div className={classes.pad}>
          <Notice tone="failed" title={revoke.problem.message} />
        </div>
      )}
      {tokens.data && items.length === 0 && (
        <EmptyState title="No API tokens yet" action={make}>
          A token lets a program call the API in your name, with no more than you choose and never more than you may do.
        </EmptyState>
      )}
      <ul>
        {items.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            isMine={token.owner.id === props.meId}
            onRevoke={() =>
              revoke.run({
                input: { params: { id: token.id } },
                confirm: {
                  title: `Revoke ${token.name}`,
                  body: 'Whatever uses it is refused from this moment on. It can not be brought back.',
                  verb: 'Revoke',
                  danger: true,
                  always: true,
                },
              })
            }
          />
        ))}
      </ul>
      {isMaking && <TokenDialog onClose={() => setMaking(false)} />}
    </Card>
  );
}

function TokenRow(props: { token: Token; isMine: boolean; onRevoke: () => void }) {
  const { token } = props;
  const isLive = token.status === 'active' || token.status === 'asleep';
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <strong>{token.name}</strong> <Code plain>{token.prefix}…</Code>
        <div className="label">
          {props.isMine ? '' : `${token.owner.name}, `}
          {token.permissions.join(', ')}
          {token.environments === null ? ', in each environment' : `, in ${token.environments.join(', ')}`}
          {token.cidrs.length > 0 && `, from ${token.cidrs.join(', ')}`}
        </div>
        <div className="label">
          {token.revokedAt !== null ? (
            <>
              Revoked <Time at={token.revokedAt} />
            </>
          ) : (
            <>
              {token.status === 'expired' ? 'Expired ' : 'Expires '}
              <Time at={token.expiresAt} as="day" />
            </>
          )}
          {token.lastUsedAt === null ? (
            ', never used'
          ) : (
            <>
              , last used <Time at={token.lastUsedAt} /> from {token.lastUsedFrom}
            </>
          )}
        </div>
      </div>
      <TokenState token={token} />
      {isLive && (
        <Button size="sm" variant="default" aria-label={`Revoke ${token.name}`} onClick={props.onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function TokenState(props: { token: Token }) {
  const { status, expiresAt } = props.token;
  if (status === 'revoked') return <StatusBadge status="revoked" plain />;
  if (status === 'expired') {
    return (
      <StatusBadge status="off" plain>
        Expired
      </StatusBadge>
    );
  }
  if (status === 'asleep') {
    return (
      <StatusBadge status="off" plain>
        Member is off
      </StatusBadge>
    );
  }
  if (Date.parse(expiresAt) < now().getTime() + soonMs) return <StatusBadge status="expiring" plain />;
  return (
    <StatusBadge status="verified" plain>
      Active
    </StatusBadge>
  );
}
