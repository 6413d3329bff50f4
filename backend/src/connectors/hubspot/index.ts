import { findContact } from './actions/find-contact.js';
import { upsertContact } from './actions/upsert-contact.js';
import { hubspot } from './connector.js';

export const connector = hubspot.build({
  actions: { 'contacts.upsert': upsertContact, 'contacts.find': findContact },
  triggers: {},
});
