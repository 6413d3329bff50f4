import { hmac } from './connector.js';
import { sign } from './sign.js';

export const connector = hmac.build({ actions: { sign }, triggers: {} });
