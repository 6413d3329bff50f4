import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconBolt, IconRoute, IconSearch, IconSettings, IconUserCog } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { flowsQuery, meQuery } from '../../api/queries.js';
import { useDeeds } from '../../lib/deeds.js';
import { allPlaces } from './places.js';

/** ⌘K: go to a screen, or open a flow. */
export function Find() {
  const navigate = useNavigate();
  const me = useSuspenseQuery(meQuery()).data;
  const flows = useQuery({ ...flowsQuery(), enabled: me.permissions.includes('flows.read') }).data?.items ?? [];
  const deeds = useDeeds();
  const actions: SpotlightActionGroupData[] = [
    {
      group: 'In this flow',
      actions: deeds.map(({ id, label, run }) => ({
        id: `deed-${id}`,
        label,
        leftSection: <IconBolt size={18} stroke={1.75} />,
        onClick: run,
      })),
    },
    {
      group: 'Go to',
      actions: [
        ...allPlaces
          .filter((place) => me.permissions.includes(place.needs))
          .map((place) => ({
            id: place.to,
            label: place.name,
            leftSection: <place.icon size={18} stroke={1.75} />,
            onClick: () => void navigate({ to: place.to }),
          })),
        {
          id: '/settings',
          label: 'Settings',
          leftSection: <IconSettings size={18} stroke={1.75} />,
          onClick: () => void navigate({ to: '/settings' }),
        },
        {
          id: '/account',
          label: 'Account',
          leftSection: <IconUserCog size={18} stroke={1.75} />,
          onClick: () => void navigate({ to: '/account' }),
        },
      ],
    },
    {
      group: 'Flows',
      actions: flows.map((flow) => ({
        id: flow.id,
        label: flow.name,
        leftSection: <IconRoute size={18} stroke={1.75} />,
        onClick: () => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } }),
      })),
    },
  ];
  return (
    <Spotlight
      actions={actions}
      overlayProps={{ blur: 0 }}
      shortcut="mod + K"
      nothingFound="Nothing of that name"
      attributes={{ content: { 'aria-label': 'Find or do' } }}
      highlightQuery
      limit={12}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.75} />,
        placeholder: 'Find or do',
        'aria-label': 'Find or do',
      }}
    />
  );
}
