/** Where a command writes: answers to `write`, everything else to `error`. */
export interface CommandIo {
  write(line: string): void;
  error(line: string): void;
}

export interface Command {
  /** The words that call it: `audit verify`. */
  name: string;
  summary: string;
  /** Answers the exit code. */
  run(args: string[], io: CommandIo): Promise<number>;
}
