import { Button, Modal, TextInput } from '@mantine/core';
import { membersApi, type Role } from '@sluice/shared/api';
import { useState } from 'react';
import { CopyValue } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { EnvironmentRoles, type RolesByEnvironment } from './EnvironmentRoles.js';
import { RoleChoice } from './RoleChoice.js';
import { rolesText } from './role-words.js';
import classes from './Settings.module.css';

/** Invites a member; the one-time link is shown here and nowhere else. */
export function InviteDialog(props: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Role[]>(['builder']);
  const [places, setPlaces] = useState<RolesByEnvironment>({});
  const invite = useWrite(membersApi.invite, { renews: [['members']] });
  if (invite.reply) {
    return (
      <Modal opened onClose={props.onClose} title={`${invite.reply.name} is invited`}>
        <div className={classes.form}>
          <p>Give this link to {invite.reply.name} over a channel you trust. It works once and is shown only now.</p>
          <div className={classes.link}>
            <code>{invite.reply.setupUrl}</code>
            <CopyValue value={invite.reply.setupUrl} label="link" />
          </div>
          <div className={classes.foot}>
            <Button onClick={props.onClose}>Done</Button>
          </div>
        </div>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={props.onClose} title="Invite a member">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          invite.run({
            input: { body: { email, name, roles: chosen, environmentRoles: places } },
            confirm: {
              title: 'Confirm with your second factor',
              body: `You are inviting ${name} as ${rolesText(chosen, places)}.`,
              verb: 'Invite',
            },
          });
        }}
      >
        {invite.problem && (
          <Notice tone="failed" title={invite.problem.message}>
            {invite.problem.issues.map(({ message }) => message).join(' ')}
          </Notice>
        )}
        <TextInput
          label="Name"
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="E-mail"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleChoice value={chosen} onChange={setChosen} />
        <EnvironmentRoles value={places} onChange={setPlaces} />
        <div className={classes.foot}>
          <span className={classes.note}>They choose a password and add a second factor themselves.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={invite.busy}
            disabled={name.trim() === '' || email === '' || rolesText(chosen, places) === ''}
          >
            Invite
          </Button>
        </div>
      </form>
    </Modal>
  );
}
