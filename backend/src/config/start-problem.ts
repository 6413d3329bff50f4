/**
 * Something outside the program keeps it from starting: a port, a folder, a key, a setting. The message is one plain
 * sentence that says what to do; the entry points print it without a stack and leave with exit code 1.
 */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}
