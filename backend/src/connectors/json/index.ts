import { json } from './connector.js';
import { parse } from './parse.js';
import { write } from './write.js';

export const connector = json.build({ actions: {}, triggers: {}, computations: { parse, write } });
