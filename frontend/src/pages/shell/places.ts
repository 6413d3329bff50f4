import type { Permission } from '@sluice/shared/api';
import {
  type Icon,
  IconActivity,
  IconCalendarTime,
  IconClipboardSearch,
  IconHandStop,
  IconInbox,
  IconLayoutGrid,
  IconListCheck,
  IconMailX,
  IconPlugConnected,
  IconRoute,
  IconShieldCheck,
} from '@tabler/icons-react';

export interface Place {
  to:
    | '/flows'
    | '/connections'
    | '/connectors'
    | '/runs'
    | '/dead-letters'
    | '/inbox'
    | '/schedules'
    | '/approvals'
    | '/audit'
    | '/reviews'
    | '/incidents';
  name: string;
  icon: Icon;
  /** After G. */
  key?: string;
  needs: Permission;
}

/** The navigation, in groups named for the job. */
export const groups: readonly { name: string; places: readonly Place[] }[] = [
  {
    name: 'Build',
    places: [
      { to: '/flows', name: 'Flows', icon: IconRoute, key: 'f', needs: 'flows.read' },
      { to: '/connections', name: 'Connections', icon: IconPlugConnected, key: 'c', needs: 'connections.read' },
      { to: '/connectors', name: 'Connectors', icon: IconLayoutGrid, needs: 'flows.read' },
    ],
  },
  {
    name: 'Run',
    places: [
      { to: '/runs', name: 'Runs', icon: IconActivity, key: 'r', needs: 'runs.read' },
      { to: '/dead-letters', name: 'Dead letters', icon: IconMailX, key: 'd', needs: 'runs.read' },
      { to: '/inbox', name: 'Inbox', icon: IconInbox, key: 'i', needs: 'inbox.read' },
      { to: '/schedules', name: 'Schedules', icon: IconCalendarTime, key: 's', needs: 'runs.read' },
    ],
  },
  {
    name: 'Govern',
    places: [
      { to: '/approvals', name: 'Approvals', icon: IconShieldCheck, key: 'a', needs: 'grants.read' },
      { to: '/audit', name: 'Audit', icon: IconListCheck, key: 'u', needs: 'audit.read' },
      { to: '/reviews', name: 'Reviews', icon: IconClipboardSearch, needs: 'grants.read' },
      { to: '/incidents', name: 'Incidents', icon: IconHandStop, key: 'x', needs: 'flows.read' },
    ],
  },
];

export const allPlaces: readonly Place[] = groups.flatMap((group) => group.places);

/** The place that an address belongs to: `/runs/run_1` to Runs. */
export function placeAt(pathname: string): Place | undefined {
  return allPlaces.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
}
