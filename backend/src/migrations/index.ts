import { House0001 } from './0001-house.js';

/** In order; a released migration never changes. */
export const migrations = [House0001];
