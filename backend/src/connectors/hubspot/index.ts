import { changeCompany, createCompany, findCompanies } from './actions/companies.js';
import {
  changeDeal,
  createDeal,
  findDeals,
  getDeal,
  linkDeal,
  listOwners,
  listPipelines,
  listStages,
} from './actions/deals.js';
import { findContact } from './actions/find-contact.js';
import { createNote } from './actions/notes.js';
import { upsertContact } from './actions/upsert-contact.js';
import { hubspot } from './connector.js';
import { eventsReceived } from './triggers/events-received.js';

export const connector = hubspot.build({
  actions: {
    'contacts.upsert': upsertContact,
    'contacts.find': findContact,
    'companies.create': createCompany,
    'companies.change': changeCompany,
    'companies.find': findCompanies,
    'deals.create': createDeal,
    'deals.change': changeDeal,
    'deals.get': getDeal,
    'deals.find': findDeals,
    'deals.link': linkDeal,
    'pipelines.list': listPipelines,
    'stages.list': listStages,
    'owners.list': listOwners,
    'notes.create': createNote,
  },
  triggers: { 'events-received': eventsReceived },
});
