import { airtableDouble } from '../src/connectors/airtable/double.js';
import { ga4Double } from '../src/connectors/ga4/double.js';
import { githubDouble } from '../src/connectors/github/double.js';
import { googleSheetsDouble } from '../src/connectors/google-sheets/double.js';
import { httpDouble } from '../src/connectors/http/double.js';
import { hubspotDouble } from '../src/connectors/hubspot/double.js';
import { imapDouble } from '../src/connectors/imap/double.js';
import { intercomDouble } from '../src/connectors/intercom/double.js';
import { jiraDouble } from '../src/connectors/jira/double.js';
import { mailchimpDouble } from '../src/connectors/mailchimp/double.js';
import { mailgunDouble } from '../src/connectors/mailgun/double.js';
import { mysqlDouble } from '../src/connectors/mysql/double.js';
import { notionDouble } from '../src/connectors/notion/double.js';
import { paypalDouble } from '../src/connectors/paypal/double.js';
import { pipedriveDouble } from '../src/connectors/pipedrive/double.js';
import { postmarkDouble } from '../src/connectors/postmark/double.js';
import { postgresqlDouble } from '../src/connectors/postgresql/double.js';
import { s3Double } from '../src/connectors/s3/double.js';
import { salesforceDouble } from '../src/connectors/salesforce/double.js';
import { segmentDouble } from '../src/connectors/segment/double.js';
import { sendgridDouble } from '../src/connectors/sendgrid/double.js';
import { sftpDouble } from '../src/connectors/sftp/double.js';
import { shopifyDouble } from '../src/connectors/shopify/double.js';
import { slackWebhookDouble } from '../src/connectors/slack-webhook/double.js';
import { slackDouble } from '../src/connectors/slack/double.js';
import { smtpDouble } from '../src/connectors/smtp/double.js';
import { squareDouble } from '../src/connectors/square/double.js';
import { stripeDouble } from '../src/connectors/stripe/double.js';
import { teamsDouble } from '../src/connectors/teams/double.js';
import { twilioDouble } from '../src/connectors/twilio/double.js';
import { webhookOutDouble } from '../src/connectors/webhook-out/double.js';
import { zendeskDouble } from '../src/connectors/zendesk/double.js';
import type { ContractSubject } from './connector-checks.js';

/** Each connector's stand-in, and the settings of a connection to it. Connectors that call nobody need no line. */
export const subjects: Readonly<Record<string, Omit<ContractSubject, 'connector'>>> = {
  airtable: { double: airtableDouble },
  github: { double: githubDouble },
  http: { double: httpDouble, config: { allowedHosts: ['api.example.com'], honoursIdempotencyKey: true } },
  hubspot: { double: hubspotDouble },
  slack: { double: slackDouble },
  sftp: { double: sftpDouble, config: { host: 'files.example.org', directory: '/srv/shop' } },
  imap: { double: imapDouble, config: { host: 'imap.example.org' } },
  smtp: { double: smtpDouble, config: { host: 'mail.example.org', from: 'shop@example.org' } },
  stripe: { double: stripeDouble },
  twilio: { double: twilioDouble, config: { accountSid: `AC${'0'.repeat(32)}` } },
  sendgrid: { double: sendgridDouble },
  postmark: { double: postmarkDouble },
  mailgun: { double: mailgunDouble, config: { domain: 'mg.example.org' } },
  notion: { double: notionDouble },
  shopify: { double: shopifyDouble, config: { shop: 'acme' } },
  salesforce: { double: salesforceDouble, config: { host: 'acme.my.salesforce.com' } },
  zendesk: { double: zendeskDouble, config: { subdomain: 'acme' } },
  postgresql: { double: postgresqlDouble, config: { host: 'db.example.org', database: 'shop' } },
  mysql: { double: mysqlDouble, config: { host: 'db.example.org', database: 'shop' } },
  jira: { double: jiraDouble, config: { site: 'acme' } },
  square: { double: squareDouble },
  pipedrive: { double: pipedriveDouble, config: { company: 'acme' } },
  mailchimp: { double: mailchimpDouble, config: { server: 'us6' } },
  intercom: { double: intercomDouble },
  'google-sheets': { double: googleSheetsDouble },
  'webhook-out': { double: webhookOutDouble, config: { url: 'https://hooks.example.com/in' } },
  segment: { double: segmentDouble },
  ga4: { double: ga4Double, config: { measurementId: 'G-DOUBLE0001' } },
  teams: { double: teamsDouble, config: { host: 'prod-12.westeurope.logic.azure.com' } },
  'slack-webhook': { double: slackWebhookDouble },
  paypal: { double: paypalDouble },
  s3: { double: s3Double, config: { endpoint: 's3.eu-central-1.amazonaws.com', bucket: 'shop-files' } },
};
