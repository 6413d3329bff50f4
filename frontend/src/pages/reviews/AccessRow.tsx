import { Button } from '@mantine/core';
import { type AccessReview, accessReviewsApi } from '@sluice/shared/api';
import { plural } from '../../lib/format-count.js';
import { Avatar } from '../../ui/Avatar.js';
import { Notice } from '../../ui/Notice.js';
import { Time } from '../../ui/Time.js';
import { rolesText } from '../settings/role-words.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Reviews.module.css';

const whyDue = {
  never: 'Nobody has looked at it yet',
  changed: 'Changed since it was looked at',
  late: 'The last look is too old',
} as const;

/** One member: roles, tokens, when last seen; who signed for it, and the way to. */
export function AccessRow({ review, isMine }: { review: AccessReview; isMine: boolean }) {
  const { member, tokens, reviewed, due, seen } = review;
  const sign = useWrite(accessReviewsApi.sign, { renews: [['members']] });
  return (
    <li className={classes.member}>
      <Avatar name={member.name} />
      <div className={classes.grow}>
        <strong>{member.name}</strong> {isMine && <span className="voice-3">you</span>}
        <div className="voice-2">{rolesText(member.roles, member.environmentRoles)}</div>
        <div className="label">
          {member.email},{' '}
          {member.lastSeenAt ? (
            <>
              last seen <Time at={member.lastSeenAt} />
            </>
          ) : (
            'never signed in'
          )}
          {tokens.length > 0 && `, ${plural(tokens.length, 'API token')}: ${tokens.map(({ name }) => name).join(', ')}`}
        </div>
        {sign.problem && <Notice tone="failed" title={sign.problem.message} />}
      </div>
      <div className={classes.signed}>
        {due !== null && <span className={classes.due}>{whyDue[due]}</span>}
        {reviewed && (
          <span className="label" title={reviewed.note ?? undefined}>
            {reviewed.by.name}, <Time at={reviewed.at} as="day" />
          </span>
        )}
        <Button
          size="sm"
          variant="default"
          disabled={isMine}
          title={isMine ? 'Nobody signs for their own access' : undefined}
          loading={sign.busy}
          onClick={() =>
            sign.run({
              input: (note) => ({ body: { member: member.id, seen, ...(note !== '' && { note }) } }),
              confirm: {
                title: `Sign for the access of ${member.name}`,
                body: `You say that ${rolesText(member.roles, member.environmentRoles)}${tokens.length > 0 ? ` and ${plural(tokens.length, 'API token')}` : ''} are what ${member.name} needs. If not, have the roles changed under Settings first.`,
                reasonLabel: 'Why it is right, kept in the log',
                verb: 'Sign',
              },
            })
          }
        >
          Sign
        </Button>
      </div>
    </li>
  );
}
