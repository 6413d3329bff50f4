import { codeLimits } from './limits.js';
import type { ThreadReply } from './sandbox-thread.js';

export type CodeErrorCode =
  | 'code.failed'
  | 'code.timeout'
  | 'code.memory'
  | 'code.output_invalid'
  | 'code.too_large'
  /** Too many others wait: nothing was run, and it may be tried again. */
  | 'code.busy'
  /** Whoever asked for it took it back, or Sluice is stopping. */
  | 'code.stopped';

export type CodeResult = {
  /** What the code wrote to its console: 20 lines of 500 characters at most. */
  logs: string[];
} & ({ ok: true; json: string } | { ok: false; error: { code: CodeErrorCode; message: string } });

const longestMessage = 300;

/** The end of a run in plain sentences. */
export function explainEnd({ end, logs }: ThreadReply, source: string): CodeResult {
  const failed = (code: CodeErrorCode, message: string): CodeResult => ({ ok: false, error: { code, message }, logs });
  switch (end.kind) {
    case 'returned':
      return { ok: true, json: end.json, logs };
    case 'threw': {
      const line = lineOf(end.stack, source);
      const what = end.name === 'Error' ? end.message : `${end.name}: ${end.message}`;
      return failed('code.failed', `The code failed${line === null ? '' : ` on line ${line}`}: ${sentence(what)}`);
    }
    case 'not-json':
      return failed('code.output_invalid', `The code must return JSON: ${sentence(end.message)}`);
    case 'too-large':
      return failed('code.too_large', 'The code returned more than 1 MiB: return only what later steps need.');
    case 'timeout':
      return failed(
        'code.timeout',
        `The code took longer than ${codeLimits.milliseconds / 1000} s: do less at a time, or end its loop.`,
      );
    case 'memory':
      return failed(
        'code.memory',
        `The code needed more than ${codeLimits.memoryBytes / 1024 / 1024} MiB of memory: work on less at a time.`,
      );
    case 'stopped':
      return stopped;
    case 'broke':
      return failed('code.failed', 'The sandbox ended without an answer: try again, and tell an admin if it stays so.');
  }
}

export const stopped: CodeResult = {
  ok: false,
  error: { code: 'code.stopped', message: 'The code was stopped before it ended.' },
  logs: [],
};

export const busy: CodeResult = {
  ok: false,
  error: { code: 'code.busy', message: 'Too many code steps wait for their turn: nothing was run.' },
  logs: [],
};

/** Of the innermost frame in the user's own source, whose first line is the second of what runs. */
function lineOf(stack: string, source: string): number | null {
  const found = /\bcode:(\d+)/.exec(stack)?.[1];
  if (found === undefined) return null;
  // A bracket that is never closed is missed after the end.
  const lines = source.split('\n').length;
  return Math.min(Math.max(Number(found) - 1, 1), lines);
}

function sentence(text: string): string {
  const plain = text.replace(/\p{C}+/gu, ' ').trim();
  const short = plain.length > longestMessage ? `${plain.slice(0, longestMessage)}…` : plain;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
