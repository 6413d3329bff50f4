import { ConnectorError, type ConnectorErrorCode } from './connector-error.js';
import type { HttpReply } from './http.js';
import { replyError } from './reply-error.js';
import { valueAt } from './value-at.js';

/** How a service says that it did not do its work, where the status alone doesn't tell. Paths go by the answer's JSON: `errors.message`. */
export interface ErrorReading {
  /** Where its own sentence stands, or a list or record of such; the first of these that holds text is passed on. */
  said?: readonly string[];
  /** Where its own code stands. */
  code?: string;
  /**
   * What its codes mean; one that isn't named goes by the status, and is `rejected` where that says success. `uncertain`:
   * after this one the work may have been done all the same.
   */
  codes?: Readonly<Record<string, ConnectorErrorCode | { code: ConnectorErrorCode; uncertain: true }>>;
  /** What is `false` in an answer of 200 that is a failure all the same: Slack's `ok`. */
  okay?: string;
  /** What holds something in an answer of 200 that is a failure all the same: `errors` of GraphQL. */
  failed?: string;
  /** What of its sentence goes no further, such as a part of the credential; with the flag `g`. */
  hides?: RegExp;
  /** How long the service wants to be left alone after a 429 that says nothing of it. */
  pauseSeconds?: number;
}

const longestSaid = 300;

/** What a failed answer has to bring in for `readFailure`. */
export function errorFieldsOf({ said = [], code, okay, failed }: ErrorReading = {}): string[] {
  return [...said, code, okay, failed].filter((path) => path !== undefined);
}

/** The error that an answer stands for; null: it did its work. `what` begins the sentence. */
export function readFailure(reply: HttpReply, what: string, reading: ErrorReading = {}): ConnectorError | null {
  const isRefusal = refuses(reply, reading);
  const said = [...(reading.said ?? []), ...(reading.code === undefined ? [] : [reading.code])]
    .map((path) => firstText(valueAt(reply.body, path)))
    .find((text) => text !== undefined);
  const words = (reading.hides === undefined ? said : said?.replace(reading.hides, '…'))?.slice(0, longestSaid);
  const status = statusOf(reply, isRefusal);
  const { pauseSeconds } = reading;
  const headers =
    status === 429 && pauseSeconds !== undefined
      ? { 'retry-after': String(pauseSeconds), ...reply.headers }
      : reply.headers;
  const error = replyError({ ...reply, status, headers }, what, words);
  if (error === null) return reply.status < 300 ? null : redirected(reply, what);
  const code = reading.code === undefined ? undefined : valueAt(reply.body, reading.code);
  const meant = typeof code === 'string' || typeof code === 'number' ? reading.codes?.[String(code)] : undefined;
  const message = isRefusal ? `${what} refused: ${words ?? 'it gave no reason'}.` : error.message;
  if (meant === undefined && !isRefusal) return error;
  const { retryAfterSeconds } = error;
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const { code: told, uncertain } = typeof meant === 'object' ? meant : { ...error, code: meant ?? error.code };
  return new ConnectorError(told, message, { status: reply.status, uncertain, ...wait });
}

/** It may have an empty body, which a schema that reads nothing would take for the work done. */
function redirected({ status }: HttpReply, what: string): ConnectorError {
  return new ConnectorError('rejected', `${what} answered ${status}, and no redirect is followed.`, { status });
}

/** A text, the first of a list, or the first of a record such as `{"summary": "is required"}`. */
function firstText(said: unknown): string | undefined {
  const texts: unknown[] = typeof said === 'object' && said !== null ? Object.values(said) : [said];
  return texts.filter((text) => typeof text === 'string').find((text) => text !== '');
}

function refuses({ body }: HttpReply, { okay, failed }: ErrorReading): boolean {
  if (okay !== undefined && valueAt(body, okay) === false) return true;
  const held = failed === undefined ? undefined : valueAt(body, failed);
  return Array.isArray(held) ? held.length > 0 : held !== undefined && held !== null;
}

/** Some services say 403 where they mean 429: with a time to wait, or with nothing left of a limit (GitHub). */
function statusOf({ status, headers }: HttpReply, isRefusal: boolean): number {
  if (status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0')) return 429;
  return isRefusal && status < 400 ? 400 : status;
}
