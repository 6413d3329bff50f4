import { send } from './actions/send.js';
import { smtp } from './connector.js';

export const connector = smtp.build({ actions: { send }, triggers: {} });
