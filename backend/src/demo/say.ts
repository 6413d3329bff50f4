/** What the person at the terminal reads. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}
