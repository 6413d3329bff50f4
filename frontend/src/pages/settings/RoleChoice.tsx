import { Checkbox } from '@mantine/core';
import { type Role, roles } from '@sluice/shared/api';
import { roleWords } from './role-words.js';
import classes from './Settings.module.css';

export function RoleChoice(props: { value: readonly Role[]; onChange: (roles: Role[]) => void }) {
  return (
    <Checkbox.Group
      label="Roles"
      value={[...props.value]}
      onChange={(chosen) => props.onChange(roles.filter((role) => chosen.includes(role)))}
    >
      <div className={classes.roles}>
        {roles.map((role) => (
          <Checkbox key={role} value={role} label={role} description={roleWords[role]} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
