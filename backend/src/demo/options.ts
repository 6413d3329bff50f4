import { parseArgs } from 'node:util';
import { StartProblem } from '../config/start-problem.js';

export const usage = `npm run demo -- [--events N] [--once]

Starts Sluice with stand-ins for HubSpot, Stripe, an orders API and a mail server, with demo members and three flows,
and sends them signed events until Ctrl-C. What was set up is kept in the folder SLUICE_DATA_DIR with "-demo" behind
its name; remove that folder to begin anew.

  --events N  send N events, then go on serving
  --once      send the events (10 unless --events says how many), wait for their runs, print the sum, and end
  --help      print this
`;

export interface Options {
  /** Null: until somebody stops the demo. */
  events: number | null;
  once: boolean;
  help: boolean;
}

/** Throws StartProblem for what it doesn't know. */
export function readOptions(args: readonly string[]): Options {
  const { events, once, help } = parse(args);
  if (events !== undefined && !/^\d{1,6}$/.test(events)) {
    throw new StartProblem('--events takes a whole number, such as --events 8.');
  }
  return { events: events === undefined ? (once ? 10 : null) : Number(events), once, help };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        events: { type: 'string' },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartProblem(`${reason}\n\n${usage}`, { cause });
  }
}
