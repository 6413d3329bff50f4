import type { Builtin } from './builtin.js';
import { numberBuiltins } from './number-builtins.js';
import { textBuiltins } from './text-builtins.js';
import { valueBuiltins } from './value-builtins.js';

/** All built-in functions that can be called, as JSONata declares them. */
export const builtins: Readonly<Record<string, Builtin>> = { ...textBuiltins, ...numberBuiltins, ...valueBuiltins };
