import { Menu, UnstyledButton } from '@mantine/core';
import { IconBell, IconDots, IconLogout, IconSettings, IconUserCog } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { meQuery } from '../../api/queries.js';
import { useSignOut } from './Person.js';
import { allPlaces, type Place } from './places.js';
import { useBadges, useUnread } from './use-badges.js';
import classes from './PhoneBar.module.css';

const first: readonly Place['to'][] = ['/runs', '/inbox', '/approvals', '/incidents'];

/** The navigation on a phone; the rest is behind More. */
export function PhoneBar() {
  const me = useSuspenseQuery(meQuery()).data;
  const badges = useBadges();
  const unread = useUnread();
  const signOut = useSignOut();
  const mine = allPlaces.filter((place) => me.permissions.includes(place.needs));
  return (
    <nav className={classes.bar} aria-label="Main, short">
      {mine
        .filter((place) => first.includes(place.to))
        .map((place) => (
          <Link key={place.to} to={place.to} className={classes.item}>
            <place.icon size={20} stroke={1.75} aria-hidden />
            {place.name}
            {badges[place.to] && <span className={classes.badge}>{badges[place.to]?.count}</span>}
          </Link>
        ))}
      <Menu position="top-end" width={220}>
        <Menu.Target>
          <UnstyledButton className={classes.item}>
            <IconDots size={20} stroke={1.75} aria-hidden />
            More
            {unread && <span className={classes.badge}>{unread.count}</span>}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {mine
            .filter((place) => !first.includes(place.to))
            .map((place) => (
              <Menu.Item
                key={place.to}
                component={Link}
                to={place.to}
                leftSection={<place.icon size={16} stroke={1.75} />}
              >
                {place.name}
              </Menu.Item>
            ))}
          <Menu.Item component={Link} to="/notices" leftSection={<IconBell size={16} stroke={1.75} />}>
            Notices{unread && `, ${unread.count} unread`}
          </Menu.Item>
          <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={16} stroke={1.75} />}>
            Settings
          </Menu.Item>
          <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} stroke={1.75} />}>
            Account
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} stroke={1.75} />} onClick={() => void signOut()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
