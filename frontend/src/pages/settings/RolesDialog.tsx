import { Button, Modal } from '@mantine/core';
import { type Member, membersApi } from '@sluice/shared/api';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { EnvironmentRoles } from './EnvironmentRoles.js';
import { RoleChoice } from './RoleChoice.js';
import { rolesText } from './role-words.js';
import classes from './Settings.module.css';

export function RolesDialog(props: { member: Member; onClose: () => void }) {
  const { member } = props;
  const [chosen, setChosen] = useState(member.roles);
  const [places, setPlaces] = useState(member.environmentRoles);
  const update = useWrite(membersApi.update, { renews: [['members']], onDone: props.onClose });
  return (
    <Modal opened onClose={props.onClose} title={`Roles of ${member.name}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          update.run({
            input: { params: { id: member.id }, body: { roles: chosen, environmentRoles: places } },
            confirm: {
              title: `Change the roles of ${member.name}`,
              body: `They will be: ${rolesText(chosen, places)}.`,
              verb: 'Change roles',
            },
          });
        }}
      >
        {update.problem && <Notice tone="failed" title={update.problem.message} />}
        <RoleChoice value={chosen} onChange={setChosen} />
        <EnvironmentRoles value={places} onChange={setPlaces} />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.busy} disabled={rolesText(chosen, places) === ''}>
            Change roles
          </Button>
        </div>
      </form>
    </Modal>
  );
}
