import { Button, Menu } from '@mantine/core';
import { type Member, membersApi } from '@sluice/shared/api';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { membersQuery } from '../../api/queries.js';
import { Avatar } from '../../ui/Avatar.js';
import { Card } from '../../ui/Card.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import { InviteDialog } from './InviteDialog.js';
import { RolesDialog } from './RolesDialog.js';
import { rolesText } from './role-words.js';
import classes from './Settings.module.css';

export function Members(props: { mayManage: boolean; meId: string }) {
  const members = useQuery(membersQuery());
  const [isInviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Member | null>(null);
  const update = useWrite(membersApi.update, { renews: [['members']] });
  const problem = members.error && toProblem(members.error);
  return (
    <Card
      flush
      title="Members"
      aside={
        props.mayManage && (
          <Button size="sm" leftSection={<IconUserPlus size={14} stroke={2} />} onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      {members.isPending && (
        <div className={classes.pad}>
          <LoadingRows what="members" rows={3} />
        </div>
      )}
      {problem && (
        <LoadFailed
          what="Members"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void members.refetch()}
        />
      )}
      {update.problem && (
        <div className={classes.pad}>
          <Notice tone="failed" title={update.problem.message} />
        </div>
      )}
      <ul>
        {members.data?.items.map((member) => (
          <li key={member.id} className={classes.row}>
            <Avatar name={member.name} />
            <div className={classes.grow}>
              <strong>{member.name}</strong> {member.id === props.meId && <span className="voice-3">you</span>}
              <div className="label">
                {member.email}, {rolesText(member.roles, member.environmentRoles)}
                {member.lastSeenAt && (
                  <>
                    , last seen <Time at={member.lastSeenAt} />
                  </>
                )}
              </div>
            </div>
            <MemberState member={member} />
            {props.mayManage && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button size="sm" variant="subtle" color="gray" aria-label={`More for ${member.name}`} px={6}>
                    <IconDots size={16} stroke={1.75} />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setChanging(member)}>Change roles</Menu.Item>
                  <Menu.Item
                    color={member.status === 'disabled' ? undefined : 'danger'}
                    disabled={member.id === props.meId}
                    onClick={() =>
                      update.run({
                        input: { params: { id: member.id }, body: { disabled: member.status !== 'disabled' } },
                        confirm: switchDeed(member),
                      })
                    }
                  >
                    {member.status === 'disabled' ? 'Switch on' : 'Switch off'}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </li>
        ))}
      </ul>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
      {changing && <RolesDialog member={changing} onClose={() => setChanging(null)} />}
    </Card>
  );
}

function MemberState(props: { member: Member }) {
  const { member } = props;
  if (member.status === 'disabled') return <StatusBadge status="off" plain />;
  if (member.status === 'invited') {
    return (
      <StatusBadge status="waiting" plain>
        Invited
      </StatusBadge>
    );
  }
  return member.secondFactor ? (
    <StatusBadge status="verified" plain>
      Two factors
    </StatusBadge>
  ) : (
    <StatusBadge status="waiting" plain>
      One factor
    </StatusBadge>
  );
}

function switchDeed(member: Member) {
  return member.status === 'disabled'
    ? { title: `Switch ${member.name} on`, body: 'They can sign in again, with the roles they had.', verb: 'Switch on' }
    : {
        title: `Switch ${member.name} off`,
        body: 'Their sessions end at once and they cannot sign in. What they did stays in the log.',
        verb: 'Switch off',
        danger: true,
        always: true,
      };
}
