import { allows, type Me, rolesWith } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../api/queries.js';
import { Code } from '../../ui/Code.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Page } from '../../ui/Page.js';
import { permissionWords } from '../settings/permission-words.js';
import { LinkButton } from './LinkButton.js';
import type { Place } from './places.js';

/** In place of a page that somebody may not see: which right is missing, what carries it, who can give it. */
export function ForbiddenPage(props: { place: Place; me: Me }) {
  const { place, me } = props;
  const may = (permission: Place['needs']) => me.permissions.includes(permission);
  const members = useQuery({ ...membersQuery(), enabled: may('members.read') }).data?.items ?? [];
  const givers = members.filter(({ status, roles }) => status === 'active' && allows(roles, 'members.manage'));
  const names = givers.slice(0, 5).map(({ name }) => name);
  return (
    <Page title={place.name}>
      <EmptyState
        title={`Your roles do not show you ${place.name}`}
        action={may('flows.read') && place.to !== '/flows' && <LinkButton to="/flows">Go to Flows</LinkButton>}
      >
        This page needs the right <Code>{place.needs}</Code> ({permissionWords[place.needs].toLowerCase()}). It comes
        with the roles {anyOf(rolesWith(place.needs))}. Ask{' '}
        {names.length === 0 ? 'an admin of this workspace' : anyOf(names)}
        {names.length > 0 && ', who can give you one of them'}.
      </EmptyState>
    </Page>
  );
}

function anyOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
