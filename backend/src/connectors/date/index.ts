import { add } from './add.js';
import { date } from './connector.js';
import { difference } from './difference.js';
import { format } from './format.js';
import { parse } from './parse.js';

export const connector = date.build({ actions: {}, triggers: {}, computations: { parse, format, add, difference } });
