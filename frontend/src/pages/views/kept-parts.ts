import { unsavedParts } from '@sluice/shared/api';

/** What a view keeps of a screen's address. */
export function keptParts(search: object): Record<string, string> {
  const parts = Object.entries(search).filter(
    ([name, value]: [string, unknown]) => typeof value === 'string' && value !== '' && !unsavedParts.includes(name),
  );
  return Object.fromEntries(parts);
}
