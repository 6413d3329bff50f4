import { House0001 } from './0001-house.js';
import { Days0004 } from './0004-days.js';

/** In order; a released migration never changes. */
export const migrations = [House0001, Days0004];
