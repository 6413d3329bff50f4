import { z } from 'zod';

/** What events have in common. The words for a card or account that paid are payment data; an amount alone tells nothing of it. */
export const eventClasses = {
  id: 'internal',
  object: 'public',
  api_version: 'public',
  type: 'public',
  created: 'internal',
  livemode: 'public',
  pending_webhooks: 'public',
  request: 'internal',
  'data.object.id': 'internal',
  'data.object.object': 'public',
  'data.object.created': 'internal',
  'data.object.livemode': 'public',
  'data.object.status': 'internal',
  'data.object.currency': 'internal',
  'data.object.amount': 'internal',
  'data.object.payment_intent': 'internal',
  'data.object.bank_account': 'payment',
  'data.object.card': 'payment',
  'data.object.payment_method': 'payment',
  'data.object.payment_method_details': 'payment',
  'data.object.source': 'payment',
} as const;

export function idOfEvent(body: unknown): string | null {
  return z.object({ id: z.string().min(1) }).safeParse(body).data?.id ?? null;
}
