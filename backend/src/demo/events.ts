import type { DemoEndpoint } from './demo-file.js';
import { demoCharge, type DemoEnvironment, type StandIns } from './stand-ins.js';

/** One thing that happens in the outside world. */
export interface DemoEvent {
  /** For the person who watches. */
  title: string;
  flow: DemoEndpoint['flow'];
  environment: DemoEnvironment;
  /** The sender's own id of the message: the same one again is a repeat. */
  id: string;
  body: object;
  /** Signed with a secret that isn't the endpoint's. */
  isForged?: boolean;
}

const people = ['Ada Keller', 'Jonas Berg', 'Priya Nair', 'Marta Silva', 'Yusuf Demir', 'Chloe Martin', 'Emil Novak'];
const companies = ['Nordlicht GmbH', 'Atelier Blau', 'Kite & Co', 'Fjord Foods'];

export type Faults = Pick<StandIns, 'failCrm' | 'failMail'>;

/** Without an end: eleven events a round, about ever other people. Before some of them a stand-in is told to fail. */
export function* happen({ failCrm, failMail }: Faults, start: string): Generator<DemoEvent> {
  for (let round = 0; ; round++) {
    const about = (turn: number) => ({ key: `${start}${round}x${turn}`, person: pick(people, round * 3 + turn) });
    const first = payment(about(0), { amount: 12_900 + round * 100, environment: 'staging' });
    yield first;
    yield lead(about(1), { environment: 'dev', company: pick(companies, round), consent: true });
    yield payment(about(2), { amount: 2_490, environment: 'dev' });
    yield { ...payment(about(3), { amount: 990_000, environment: 'staging' }), ...forged };
    yield refund(about(4), { amount: 2_500 + round, environment: 'staging' });
    yield { ...first, title: 'The first payment of this round is delivered once more' };
    yield refund(about(5), {
      amount: 4_001,
      environment: 'dev',
      title: 'Refund of 40.01 EUR, which the bank declines',
    });
    failCrm('unavailable');
    yield payment(about(6), {
      amount: 34_900,
      environment: 'staging',
      title: 'Payment of 349.00 EUR while the CRM is down for a moment',
    });
    yield lead(about(7), { environment: 'staging', company: pick(companies, round + 1), consent: false });
    failCrm('reject');
    yield payment(about(8), {
      amount: 15_000,
      environment: 'dev',
      title: 'Payment of 150.00 EUR by a buyer whom the CRM does not take',
    });
    failMail('drop-reply');
    yield payment(about(9), {
      amount: 1_990,
      environment: 'staging',
      title: 'Payment of 19.90 EUR; the mail server goes silent over the receipt',
    });
  }
}

const forged = { title: 'Somebody sends a payment of 9900.00 EUR with a wrong signature', isForged: true };

interface About {
  key: string;
  person: string;
}

function payment(
  { key, person }: About,
  { amount, environment, title }: { amount: number; environment: DemoEnvironment; title?: string },
): DemoEvent {
  const seconds = Math.floor(Date.now() / 1000);
  const object = {
    id: `pi_${key}`,
    object: 'payment_intent',
    amount,
    amount_received: amount,
    currency: 'eur',
    customer: `cus_${key}`,
    metadata: { order: orderOf(key) },
    receipt_email: emailOf(person),
    shipping: { name: person },
    status: 'succeeded',
  };
  return {
    title: title ?? `Payment of ${(amount / 100).toFixed(2)} EUR by ${person}`,
    flow: 'payment',
    environment,
    id: `evt_${key}`,
    body: {
      id: `evt_${key}`,
      object: 'event',
      type: 'payment_intent.succeeded',
      created: seconds,
      livemode: false,
      data: { object },
    },
  };
}

function lead(
  { key, person }: About,
  { environment, company, consent }: { environment: DemoEnvironment; company: string; consent: boolean },
): DemoEvent {
  const [firstName, lastName] = person.split(' ');
  return {
    title: `Web form of ${person}, ${company}${consent ? '' : ', who does not want to be contacted'}`,
    flow: 'lead',
    environment,
    id: `msg_${key}`,
    body: { firstName, lastName, email: emailOf(person), company, consent },
  };
}

function refund(
  { key, person }: About,
  { amount, environment, title }: { amount: number; environment: DemoEnvironment; title?: string },
): DemoEvent {
  return {
    title: title ?? `Refund of ${(amount / 100).toFixed(2)} EUR to ${person}`,
    flow: 'refund',
    environment,
    id: `ref_${key}`,
    body: { order: orderOf(key), charge: demoCharge, amount, email: emailOf(person) },
  };
}

function emailOf(person: string): string {
  return `${person.replace(' ', '.')}@customer.example`;
}

function orderOf(key: string): string {
  return `ord-${key}`;
}

function pick(list: readonly string[], at: number): string {
  return list[at % list.length] ?? '';
}
