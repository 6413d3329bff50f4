import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { hubspot } from '../connector.js';
import { linksTo, objectId } from '../fields.js';

export const createNote = hubspot.call('POST /crm/v3/objects/notes', {
  title: 'Add a note',
  description: 'To the timeline of a contact, a deal or both. HubSpot drops no repeats.',
  scopes: ['contacts.write'],
  effect: { class: 'unsafe' },
  input: z
    .strictObject({
      text: field.text('Text', 'Up to 65,536 characters.').max(65_536),
      at: field.time('Time', 'When it belongs to: 2026-01-31T10:00:00Z.'),
      contact: objectId('Contact').optional(),
      deal: objectId('Deal').optional(),
    })
    .refine(({ contact, deal }) => contact !== undefined || deal !== undefined, {
      path: ['contact'],
      message: 'name a contact, a deal or both',
    }),
  classes: { at: 'internal', contact: 'internal', deal: 'internal' },
  outputClasses: { id: 'internal' },
  body: ({ text, at, contact, deal }) => ({
    properties: { hs_note_body: text, hs_timestamp: at },
    associations: linksTo([
      { to: contact, type: 202 },
      { to: deal, type: 214 },
    ]),
  }),
  reply: z.object({ id: z.string() }),
  output: z.object({ id: z.string() }),
  sample: {
    input: { text: 'Paid by card.', at: '2026-01-05T08:00:00Z', contact: '100' },
    output: { id: '501' },
  },
});
