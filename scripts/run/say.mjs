/** Something a person can mend: its message is one sentence that says what to do, and is all that is printed. */
export class Failure extends Error {}

const isTerminal = process.stderr.isTTY === true;

/** Progress goes to stderr, so that what a command prints can be piped. */
export function say(text) {
  process.stderr.write(`${isTerminal ? `\u001b[2m${text}\u001b[0m` : text}\n`);
}

/** Runs one phase with a line when it starts, one each ten seconds, and one with its time when it ends. */
export async function phase(title, work) {
  const began = performance.now();
  const elapsed = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  say(`${title} ...`);
  const heartbeat = setInterval(() => say(`${title} ... ${elapsed()}`), 10_000);
  try {
    const result = await work();
    say(`${title}: ${elapsed()}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

/** Prints why it ended, and gives the exit code. */
export function fail(error) {
  process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
  return 1;
}
