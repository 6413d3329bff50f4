import { findContact } from './actions/find-contact.js';
import { upsertContact } from './actions/upsert-contact.js';
import { hubspot } from './connector.js';
import { eventsReceived } from './triggers/events-received.js';

export const connector = hubspot.build({
  actions: { 'contacts.upsert': upsertContact, 'contacts.find': findContact },
  triggers: { 'events-received': eventsReceived },
});
