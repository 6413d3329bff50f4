import { csv } from './connector.js';
import { parse } from './parse.js';
import { write } from './write.js';

export const connector = csv.build({ actions: {}, triggers: {}, computations: { parse, write } });
