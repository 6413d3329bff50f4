import { readFileSync } from 'node:fs';
import { type Role, roles } from '@sluice/shared/api';

/** Where a role must be held: see the head of access-table.md. */
export const reaches = ['nobody', 'self', 'any environment', 'its environment', 'workspace'] as const;
export type Reach = (typeof reaches)[number];

/** One line of the table that was read by hand. */
export interface AccessLine {
  /** `GET /flows/:id` */
  route: string;
  roles: ReadonlySet<Role>;
  stepUp: boolean;
  token: boolean;
  reach: Reach;
}

export function readAccessTable(): AccessLine[] {
  const text = readFileSync(new URL('access-table.md', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [route = '', ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      const [token, reach = ''] = cells.slice(roles.length);
      const found = reaches.find((one) => one === reach);
      if (found === undefined || cells.length !== roles.length + 2) throw new Error(`Not a line of the table: ${line}`);
      return {
        route: route.replaceAll('`', ''),
        roles: new Set(roles.filter((_, at) => cells[at] !== '')),
        stepUp: cells.slice(0, roles.length).includes('2nd'),
        token: token === 'yes',
        reach: found,
      };
    });
}
