import type { Json } from '../../../lib/json.js';

/** A built-in function, and what people are told of it. */
export interface Builtin {
  /** The types of its parameters in JSONata's letters: `-` where the current value stands in, `?` optional, `+` repeated. */
  readonly signature: string;
  /** How many arguments it gets when it is itself given to a function. */
  readonly arity: number;
  /** Its parameters and its result in words: `(text, start, length?) → text`. */
  readonly form: string;
  /** One sentence. */
  readonly says: string;
  readonly example: string;
  /** What the example gives; none where it fails. */
  readonly gives?: Json;
}
