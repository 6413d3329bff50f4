import { Checkbox } from '@mantine/core';
import { type EnvironmentRole, environmentRoles } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { environmentsQuery } from '../../api/queries.js';
import { EnvironmentChip } from '../../ui/EnvironmentChip.js';
import classes from './Settings.module.css';

export type RolesByEnvironment = Record<string, EnvironmentRole[]>;

/** Roles that count in one environment and nowhere else. */
export function EnvironmentRoles(props: { value: RolesByEnvironment; onChange: (value: RolesByEnvironment) => void }) {
  const environments = useQuery(environmentsQuery());
  return (
    <fieldset className={classes.byEnvironment}>
      <legend>In one environment only</legend>
      {environments.data?.items.map(({ id, name }) => (
        <Checkbox.Group
          key={id}
          aria-label={`Roles in ${name}`}
          value={props.value[name] ?? []}
          onChange={(chosen) => {
            const { [name]: _, ...others } = props.value;
            const here = environmentRoles.filter((role) => chosen.includes(role));
            props.onChange(here.length === 0 ? others : { ...others, [name]: here });
          }}
        >
          <div className={classes.places}>
            <span className={classes.place}>
              <EnvironmentChip name={name} />
            </span>
            {environmentRoles.map((role) => (
              <Checkbox key={role} value={role} label={role} aria-label={`${role} in ${name}`} />
            ))}
          </div>
        </Checkbox.Group>
      ))}
    </fieldset>
  );
}
