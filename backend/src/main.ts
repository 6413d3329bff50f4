import { keepCompiled } from './platform/keep-compiled.js';

keepCompiled();
// Not before: what is imported above is compiled before the first line here.
await import('./program.js');
