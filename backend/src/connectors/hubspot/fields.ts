import { field, type Pages } from '@sluice/shared/connector';
import { z } from 'zod';

/** Of a CRM object: digits. */
export const objectId = (title: string, description?: string) =>
  z
    .string()
    .regex(/^\d{1,20}$/, 'an id, in digits')
    .meta(description === undefined ? { title } : { title, description });

/** https://developers.hubspot.com/docs/api-reference/search/guide; one for each search. */
export function searchPages(): Pages & { size: { parameter: string; most: number } } {
  return { by: 'cursor', parameter: 'after', next: 'paging.next.after', size: { parameter: 'limit', most: 200 } };
}

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** What HubSpot or the account defines beyond the named fields. */
export const otherProperties = z
  .record(z.string().regex(/^[a-z0-9_]+$/, 'a property’s internal name'), valueSchema)
  .optional()
  .meta({ title: 'Other properties', description: 'By internal name. Empty text clears a property.' });

export const objectSchema = z.object({ id: z.string(), properties: z.record(z.string(), z.string().nullable()) });

/** Named fields win over those that are given by name. */
export function toProperties({
  properties = {},
  ...named
}: Record<string, unknown> & { properties?: Record<string, unknown> | undefined }): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...properties, ...named })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** A search by one property. */
export const whereFields = {
  property: z
    .string()
    .regex(/^[a-z0-9_]+$/, 'a property’s internal name')
    .meta({ title: 'Property', description: 'By its internal name.' }),
  value: field.text('Equals'),
};

export function whereBody(names: readonly string[]) {
  return ({ property, value }: { property: string; value: string }) => ({
    filterGroups: [{ filters: [{ propertyName: property, operator: 'EQ', value }] }],
    properties: [...names],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
  });
}

/** HubSpot's own types of links: developers.hubspot.com/docs/api-reference/associations/guide#association-type-id-values. */
export function linksTo(links: readonly { to: string | undefined; type: number }[]): object[] {
  return links.flatMap(({ to, type }) =>
    to === undefined
      ? []
      : [{ to: { id: to }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: type }] }],
  );
}
