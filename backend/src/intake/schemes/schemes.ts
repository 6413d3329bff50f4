import type { WebhookScheme } from '@sluice/shared/connector';
import { github } from './github.js';
import { hmac } from './hmac.js';
import { hubspot } from './hubspot.js';
import type { Scheme } from './scheme.js';
import { shopify } from './shopify.js';
import { slack } from './slack.js';
import { standardWebhooks } from './standard-webhooks.js';
import { stripe } from './stripe.js';

/** Null: deliveries aren't signed, which only an environment for development allows. */
export const schemes: Readonly<Record<WebhookScheme, Scheme | null>> = {
  'standard-webhooks': standardWebhooks,
  stripe,
  github,
  slack,
  hubspot,
  shopify,
  hmac,
  none: null,
};
