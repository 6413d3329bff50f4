import { request } from './actions/request.js';
import { http } from './connector.js';

export const connector = http.build({ actions: { request }, triggers: {} });
