import { manual } from './connector.js';
import { started } from './triggers/started.js';

export const connector = manual.build({ actions: {}, triggers: { started } });
