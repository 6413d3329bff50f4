import { crypto } from './connector.js';
import { hash } from './hash.js';

export const connector = crypto.build({ actions: {}, triggers: {}, computations: { hash } });
