import { House0001 } from './0001-house.js';
import { StepKinds0002 } from './0002-step-kinds.js';
import { Days0004 } from './0004-days.js';
import { KillSwitches0005 } from './0005-kill-switches.js';

/** In order; a released migration never changes. */
export const migrations = [House0001, StepKinds0002, Days0004, KillSwitches0005];
