import { Tooltip, UnstyledButton } from '@mantine/core';
import { openSpotlight } from '@mantine/spotlight';
import { IconBell, IconSearch, IconSettings } from '@tabler/icons-react';
import { useSuspenseQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auditStatusQuery, meQuery } from '../../api/queries.js';
import { Keys } from '../../ui/Keys.js';
import { Mark } from '../../ui/Mark.js';
import { Seal } from '../../ui/Seal.js';
import { Person } from './Person.js';
import { groups } from './places.js';
import { type Badge, useBadges, useUnread } from './use-badges.js';
import classes from './Navigation.module.css';

/** 208 px from 1400 px of width; a rail of icons below and in the editor. */
export function Navigation(props: { isRail: boolean }) {
  const me = useSuspenseQuery(meQuery()).data;
  const seal = useQuery(auditStatusQuery()).data;
  const badges = useBadges();
  const unread = useUnread();
  return (
    <nav className={classes.nav} data-rail={props.isRail || undefined} aria-label="Main">
      <div className={classes.workspace}>
        <Mark size={26} />
        <span className={classes.words}>
          <strong>{me.workspace.name}</strong>
          <span className="label">Sluice</span>
        </span>
      </div>
      <UnstyledButton className={classes.find} onClick={openSpotlight} aria-label="Find or do ⌘K">
        <IconSearch size={16} stroke={1.75} aria-hidden />
        <span className={classes.words}>Find or do</span>
        <span className={classes.words}>
          <Keys>⌘K</Keys>
        </span>
      </UnstyledButton>
      <div className={classes.groups}>
        {groups.map((group) => {
          const places = group.places.filter((place) => me.permissions.includes(place.needs));
          if (places.length === 0) return null;
          return (
            <div key={group.name} className={classes.group}>
              <span className={classes.groupName}>{group.name}</span>
              {places.map((place) => (
                <NavLink key={place.to} to={place.to} name={place.name} badge={badges[place.to]}>
                  <place.icon size={17} stroke={1.75} aria-hidden />
                </NavLink>
              ))}
            </div>
          );
        })}
      </div>
      <div className={classes.foot}>
        <NavLink to="/notices" name="Notices" badge={unread}>
          <IconBell size={17} stroke={1.75} aria-hidden />
        </NavLink>
        <NavLink to="/settings" name="Settings">
          <IconSettings size={17} stroke={1.75} aria-hidden />
        </NavLink>
        {seal && me.permissions.includes('audit.read') && (
          <Link to="/audit" className={classes.seal}>
            <span className={classes.onlyWide}>
              <Seal seal={seal} />
            </span>
            <span className={classes.onlyRail}>
              <Seal seal={seal} small />
            </span>
          </Link>
        )}
        {seal && !me.permissions.includes('audit.read') && (
          <div className={classes.seal}>
            <span className={classes.onlyWide}>
              <Seal seal={seal} />
            </span>
          </div>
        )}
        <Person me={me} />
      </div>
    </nav>
  );
}

function NavLink(props: { to: string; name: string; badge?: Badge | undefined; children: React.ReactNode }) {
  return (
    <Tooltip label={props.name} position="right" openDelay={150} classNames={{ tooltip: classes.tooltip }}>
      <Link to={props.to} className={classes.link}>
        {props.children}
        <span className={classes.words}>{props.name}</span>
        {props.badge && (
          <span className={classes.badge} data-yours={props.badge.isYours || undefined}>
            {props.badge.count}
            <span className="for-readers"> {props.badge.says}</span>
          </span>
        )}
      </Link>
    </Tooltip>
  );
}
