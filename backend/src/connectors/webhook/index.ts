import { webhook } from './connector.js';
import { received } from './triggers/received.js';

export const connector = webhook.build({ actions: {}, triggers: { received } });
