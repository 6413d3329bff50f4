import { xml } from './connector.js';
import { parse } from './parse.js';
import { write } from './write.js';

export const connector = xml.build({ actions: {}, triggers: {}, computations: { parse, write } });
