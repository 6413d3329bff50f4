import { House0001 } from './0001-house.js';
import { StepKinds0002 } from './0002-step-kinds.js';

/** In order; a released migration never changes. */
export const migrations = [House0001, StepKinds0002];
