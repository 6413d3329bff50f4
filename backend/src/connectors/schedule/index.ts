import { schedule } from './connector.js';
import { due } from './triggers/due.js';

export const connector = schedule.build({ actions: {}, triggers: { due } });

export { type Pattern, slotsAround } from './slots.js';
