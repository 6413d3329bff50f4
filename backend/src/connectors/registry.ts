import { hash } from 'node:crypto';
import { type Catalogue, type Connector, connectorText, describeConnector } from '@sluice/shared/connector';
import { connector as airtable } from './airtable/index.js';
import { connector as crypto } from './crypto/index.js';
import { connector as csv } from './csv/index.js';
import { connector as date } from './date/index.js';
import { connector as ga4 } from './ga4/index.js';
import { connector as github } from './github/index.js';
import { connector as googleSheets } from './google-sheets/index.js';
import { connector as hmac } from './hmac/index.js';
import { connector as http } from './http/index.js';
import { connector as hubspot } from './hubspot/index.js';
import { connector as imap } from './imap/index.js';
import type { KnownConnector } from './imported.js';
import { connector as intercom } from './intercom/index.js';
import { connector as jira } from './jira/index.js';
import { connector as json } from './json/index.js';
import { connector as mailchimp } from './mailchimp/index.js';
import { connector as mailgun } from './mailgun/index.js';
import { connector as manual } from './manual/index.js';
import { connector as mysql } from './mysql/index.js';
import { connector as notion } from './notion/index.js';
import { connector as paypal } from './paypal/index.js';
import { connector as pipedrive } from './pipedrive/index.js';
import { connector as postgresql } from './postgresql/index.js';
import { connector as postmark } from './postmark/index.js';
import { connector as s3 } from './s3/index.js';
import { connector as salesforce } from './salesforce/index.js';
import { connector as schedule } from './schedule/index.js';
import { connector as segment } from './segment/index.js';
import { connector as sendgrid } from './sendgrid/index.js';
import { connector as sftp } from './sftp/index.js';
import { connector as shopify } from './shopify/index.js';
import { connector as slackWebhook } from './slack-webhook/index.js';
import { connector as slack } from './slack/index.js';
import { connector as smtp } from './smtp/index.js';
import { connector as square } from './square/index.js';
import { connector as stripe } from './stripe/index.js';
import { connector as teams } from './teams/index.js';
import { connector as twilio } from './twilio/index.js';
import { connector as webhookOut } from './webhook-out/index.js';
import { connector as webhook } from './webhook/index.js';
import { connector as xml } from './xml/index.js';
import { connector as zendesk } from './zendesk/index.js';

/** Every built-in connector by id. A new one is added here by hand. No prototype: an id such as `constructor` finds nothing. */
export const connectors: Readonly<Record<string, Connector>> = Object.assign(Object.create(null), {
  airtable,
  crypto,
  csv,
  date,
  ga4,
  github,
  'google-sheets': googleSheets,
  hmac,
  http,
  hubspot,
  imap,
  intercom,
  jira,
  json,
  mailchimp,
  mailgun,
  manual,
  mysql,
  notion,
  paypal,
  pipedrive,
  postgresql,
  postmark,
  s3,
  salesforce,
  schedule,
  segment,
  sendgrid,
  sftp,
  shopify,
  slack,
  'slack-webhook': slackWebhook,
  smtp,
  square,
  stripe,
  teams,
  twilio,
  webhook,
  'webhook-out': webhookOut,
  xml,
  zendesk,
});

/** The same as data: what flows are checked against and what the palette shows. */
export const catalogue: Catalogue = Object.assign(
  Object.create(null),
  Object.fromEntries(Object.entries(connectors).map(([id, connector]) => [id, describeConnector(connector)])),
);

const known = new WeakMap<Connector, string>();

/** `sha256:` over what an approval of the connector stands on: one that changes asks for new approvals. */
export function connectorVersion(connector: Connector): string {
  const found = known.get(connector);
  if (found !== undefined) return found;
  const version = `sha256:${hash('sha256', connectorText(describeConnector(connector)))}`;
  known.set(connector, version);
  return version;
}

/** A built-in connector; null for an id of none. */
export function findBuiltIn(id: string): KnownConnector | null {
  const [connector, description] = [connectors[id], catalogue[id]];
  return connector === undefined || description === undefined
    ? null
    : { connector, description, version: connectorVersion(connector) };
}
