import { schedule } from './connector.js';
import { due } from './triggers/due.js';

export const connector = schedule.build({ actions: {}, triggers: { due } });

export { type MissedPolicy, mostKnown, planSlots } from './plan.js';
export { type Pattern, patternProblem, slotsAfter, slotsBetween } from './slots.js';
