import type { Role } from '@sluice/shared/api';

/** What each role may do, in a sentence. */
export const roleWords: Record<Role, string> = {
  viewer: 'Reads flows and runs; changes nothing',
  builder: 'Draws, publishes and deploys flows, and runs them by hand',
  operator: 'Answers for runs: cancels, replays, settles doubts',
  approver: 'Decides what flows may do; reads the log',
  auditor: 'Reads everything, the log too; changes nothing',
  admin: 'All of these, connections and policies; in the whole workspace members and environments too',
  owner: 'Everything',
};

/** "viewer, operator in dev"; empty for none. */
export function rolesText(roles: readonly Role[], byEnvironment: Readonly<Record<string, readonly Role[]>>): string {
  const here = Object.entries(byEnvironment).flatMap(([name, held]) => held.map((role) => `${role} in ${name}`));
  return [...roles, ...here].join(', ');
}
