import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { authApi, type Me } from '@sluice/shared/api';
import { IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCog } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { call } from '../../api/client.js';
import { forgetDrafts } from '../../editor/store/draft-names.js';
import { Avatar } from '../../ui/Avatar.js';
import { rolesText } from '../settings/role-words.js';
import classes from './Person.module.css';

/** Who is signed in, with what belongs to them. */
export function Person(props: { me: Me }) {
  const { setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.person}>
          <Avatar name={props.me.name} />
          <span className={classes.words}>
            <strong>{props.me.name}</strong>
            <span className="label">{sentence(rolesText(props.me.roles, props.me.environmentRoles))}</span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} stroke={1.75} />}>
          Account
        </Menu.Item>
        <Menu.Label>Look</Menu.Label>
        <Menu.Item leftSection={<IconSun size={16} stroke={1.75} />} onClick={() => setColorScheme('light')}>
          Light
        </Menu.Item>
        <Menu.Item leftSection={<IconMoon size={16} stroke={1.75} />} onClick={() => setColorScheme('dark')}>
          Dark
        </Menu.Item>
        <Menu.Item leftSection={<IconDeviceDesktop size={16} stroke={1.75} />} onClick={() => setColorScheme('auto')}>
          As the system
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await call(authApi.logout);
    await navigate({ to: '/login' });
    forgetDrafts(localStorage);
    forgetDrafts(sessionStorage);
    client.clear();
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
