import type { AuthInput } from '@sluice/shared/api';
import type { Fault } from '@sluice/shared/connector';
import type { Json } from '@sluice/shared/lib';
import { httpDouble } from '../connectors/http/double.js';
import { hubspotDouble } from '../connectors/hubspot/double.js';
import { smtpDouble } from '../connectors/smtp/double.js';
import { stripeDouble } from '../connectors/stripe/double.js';
import { serveDouble } from './serve-double.js';
import { serveMailDouble } from './serve-mail-double.js';

export const booksHost = 'api.books.example';
const mailHost = 'mail.shop.example';
const mailPort = 587;

/** A charge that events refund a part of: large enough for days of demo. */
export const demoCharge = 'ch_3PqDemoCharge';

/** Stand-ins are refused in a production environment, which therefore stays empty. */
export const environments = ['dev', 'staging'] as const;
export type DemoEnvironment = (typeof environments)[number];

export interface DemoConnection {
  connector: string;
  environment: DemoEnvironment;
  name: string;
  auth: AuthInput;
  config: Record<string, Json>;
}

export interface StandIns {
  /** For SLUICE_DOUBLES. */
  doubles: string;
  /** One for each service and environment, each with a credential of its own. */
  connections: readonly DemoConnection[];
  /** What happens to the next change that the CRM is asked for. */
  failCrm(fault: Fault): void;
  /** The same for the next mail. */
  failMail(fault: Fault): void;
  stop(): Promise<void>;
}

/** Starts the services that the demo's flows talk to, on free ports of this machine. */
export async function startStandIns(): Promise<StandIns> {
  const crm = hubspotDouble();
  const charge = { id: demoCharge, amount: 900_000_000, currency: 'eur', payment_intent: 'pi_3PqDemoIntent' };
  const payments = stripeDouble({ charges: [charge] });
  const books = httpDouble({ host: booksHost });
  const mail = smtpDouble({ host: `${mailHost}:${mailPort}` });
  const served = await Promise.all([
    ...[crm, payments, books].map(async (double) => ({ host: double.host, ...(await serveDouble(double)) })),
    serveMailDouble(mail).then((one) => ({ host: mail.host, ...one })),
  ]);
  // Credentials are made in the same order at each start, so those of an earlier start go on working.
  const connections = environments.flatMap((environment): DemoConnection[] => [
    { ...about('HubSpot', 'hubspot'), environment, auth: crm.grant(everyScope.crm), config: {} },
    { ...about('Stripe', 'stripe'), environment, auth: payments.grant(everyScope.payments), config: {} },
    {
      ...about('Books', 'http'),
      environment,
      auth: books.grant([]),
      config: { allowedHosts: [booksHost], honoursIdempotencyKey: true },
    },
    {
      ...about('Mail', 'smtp'),
      environment,
      auth: mail.grant(),
      config: { host: mailHost, port: mailPort, from: 'Shop <hello@shop.example>', tls: 'starttls' },
    },
  ]);
  return {
    doubles: served.map(({ host, url }) => `${host}=${url}`).join(','),
    connections,
    failCrm: (fault) => crm.failNext(fault),
    failMail: (fault) => mail.failNext(fault),
    async stop() {
      await Promise.all(served.map((one) => one.stop()));
    },
  };
}

const everyScope = {
  crm: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
  payments: ['rak_charge_read', 'rak_charge_write'],
};

function about(service: string, connector: string) {
  return { name: `${service} (stand-in)`, connector };
}
