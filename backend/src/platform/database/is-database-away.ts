/** SQLSTATE of a server that starts, ends, has no place left or lost the connection; node's own of one that can't be reached. */
const codes = /^(?:57P0\d|53300|08[0-9A-Z]{3}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** pg's own errors have no code. */
const messages =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Whether a query failed because the database can't be reached right now: it says nothing about what was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return messages.test(error.message) || ('code' in error && codes.test(String(error.code)));
}
