import { House0001 } from './0001-house.js';
import { StopsAndLimits0005 } from './0005-stops-and-limits.js';

/** In order; a released migration never changes. */
export const migrations = [House0001, StopsAndLimits0005];
