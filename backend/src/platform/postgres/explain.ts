import { StartProblem } from '../../config/start-problem.js';
import type { Placement } from './placement.js';

interface Failure {
  /** What initdb or the server wrote before it gave up. */
  output: string;
  placement: Placement;
  cause?: unknown;
}

/** Turns what PostgreSQL wrote into one sentence that says what to do. */
export function explainFailure({ output, placement, cause }: Failure): StartProblem {
  return new StartProblem(sentence(output, placement), { cause });
}

function sentence(output: string, { data, folder, logFile }: Placement): string {
  if (/No space left on device|disk quota exceeded/i.test(output)) {
    return `The disk that holds the database (${data}) is full: free some space and start again.`;
  }
  if (/Permission denied|EACCES|EPERM|wrong ownership|invalid permissions|Read-only file system/i.test(output)) {
    return `The database folder ${data} can't be used with the rights we have: start Sluice as the user that owns it, or give it back with "chown -R".`;
  }
  if (/could not create any TCP\/IP sockets/.test(output)) {
    return 'No port was free for the database on 127.0.0.1: close some programs, or set DATABASE_URL.';
  }
  if (/shared memory|Cannot allocate memory|out of memory/i.test(output)) {
    return 'There is not enough memory for the database: free at least 512 MB, or set DATABASE_URL to a server elsewhere.';
  }
  if (
    /control file|incompatible with server|checkpoint record|checksum|PANIC|could not (open|read|access) |invalid page|corrupt/i.test(
      output,
    )
  ) {
    return `The database in ${data} is damaged${quote(output)}: restore it from a backup, or move ${folder} away to start empty.`;
  }
  return `PostgreSQL did not start${quote(output)}: see ${logFile}.`;
}

function quote(output: string): string {
  const line = output.split('\n').findLast((candidate) => /(PANIC|FATAL|error):/i.test(candidate));
  const words = line?.replace(/^.*?(PANIC|FATAL|error):\s*/i, '').trim();
  return words ? ` (${words})` : '';
}
