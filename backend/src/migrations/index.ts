import { House0001 } from './0001-house.js';
import { KillSwitches0005 } from './0005-kill-switches.js';

/** In order; a released migration never changes. */
export const migrations = [House0001, KillSwitches0005];
