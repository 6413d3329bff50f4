import type { Permission } from '@sluice/shared/api';

/** What each permission lets somebody do, as a token's maker reads it. */
export const permissionWords: Record<Permission, string> = {
  'flows.read': 'Read flows and environments',
  'flows.edit': 'Draw and rename flows',
  'flows.publish': 'Publish versions',
  'flows.deploy': 'Deploy versions, or ask for it',
  'flows.run': 'Start runs by hand',
  'connections.read': 'Read connections, never their secrets',
  'connections.manage': 'Add, test and limit connections',
  'connectors.manage': 'Make connectors of OpenAPI documents',
  'grants.read': 'Read what was approved',
  'grants.decide': 'Approve and refuse',
  'runs.read': 'Read runs and what they carried',
  'runs.operate': 'Retry and cancel runs, settle doubts',
  'runs.reveal': 'See values behind stand-ins, one at a time',
  'runs.decide': 'Answer approval steps',
  'inbox.read': 'Read the inbox',
  'inbox.replay': 'Replay deliveries',
  'audit.read': 'Read, export and verify the log',
  'members.read': 'Read who the members are',
  'members.manage': 'Invite and change members',
  'environments.manage': 'Add environments and change their policy',
  'killswitches.manage': 'Stop and release',
  'keys.manage': 'See and rotate keys',
  'data.erase': 'Look for a person’s data, and erase it',
  'workspaces.create': 'Make workspaces',
};
