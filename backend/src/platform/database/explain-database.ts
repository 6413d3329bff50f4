import { StartProblem } from '../../config/start-problem.js';

const unreachable = /^(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/;

/** What a person can do about a database that can't be used; null for a fault of ours. Holds no address and no password. */
export function explainDatabase(error: unknown): StartProblem | null {
  if (error instanceof StartProblem) return error;
  const sentence = sentenceOf(codeOf(error), error instanceof Error ? error.message : '');
  return sentence === null ? null : new StartProblem(sentence, { cause: error });
}

function sentenceOf(code: string, message: string): string | null {
  // pg's own, without a code: its time limit, or a server that hung up.
  if (unreachable.test(code) || /^(?:timeout expired|Connection terminated)/.test(message)) {
    return "The database in DATABASE_URL can't be reached: check its host and port, and that PostgreSQL runs there.";
  }
  switch (code) {
    case '28P01':
    case '28000':
      return 'The database in DATABASE_URL does not let this user in: check the user and the password.';
    case '3D000':
      return 'The server in DATABASE_URL has no database of that name: create it, or name another one.';
    case '42501':
      return 'The user in DATABASE_URL may not set the database up: let it create schemas in the database, and roles (CREATEROLE).';
    default:
      return /^(?:57P0[1-3]|53300)$/.test(code)
        ? 'The database in DATABASE_URL takes no connection right now: try again in a moment.'
        : null;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
