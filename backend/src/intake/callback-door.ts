import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonSchema } from '@sluice/shared/lib';
import type { Engine } from '../engine/engine.js';
import type { Journal } from '../journal/journal.js';
import type { Clock } from '../platform/clock.js';
import { isDatabaseAway } from '../platform/database/is-database-away.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { Problem } from '../platform/problem.js';
import { sendProblem, sendText } from './answer.js';
import { isJson, parseBody } from './parse-body.js';
import { readBody } from './read-body.js';
import { RefusalLog } from './refusal-log.js';
import { senderAddress } from './sender-address.js';
import { TokenBuckets } from './token-buckets.js';

export interface CallbackDoorOptions {
  engine: Engine;
  journal: Journal;
  clock: Clock;
  log: Log;
}

/** Tries from one address that are answered before it is told to wait, and how many more each second. */
const patience = { burst: 60, perSecond: 1 };

/** `POST /callbacks/:token`: the outside answers a callback step, once. Answered only after the commit. */
export class CallbackDoor {
  private readonly tries = new TokenBuckets(patience);
  private readonly refusals: RefusalLog;

  constructor(private readonly options: CallbackDoorOptions) {
    this.refusals = new RefusalLog(options.journal);
  }

  /** False for a request that is not the door's. */
  readonly handle = (req: IncomingMessage, res: ServerResponse): boolean => {
    const [path = ''] = (req.url ?? '').split('?', 1);
    if (!path.startsWith('/callbacks/')) return false;
    const requestId = newId('request');
    this.visit(req, path.slice('/callbacks/'.length)).then(
      () => sendText(res, 200, JSON.stringify({ taken: true })),
      (error: unknown) => void this.refuse(req, res, { error, requestId }),
    );
    return true;
  };

  private async visit(req: IncomingMessage, token: string): Promise<void> {
    if (req.method !== 'POST') throw new Problem('route.unknown', { message: 'Answer a callback with POST.' });
    const wait = this.tries.take(senderAddress(req), this.options.clock.now());
    if (wait > 0) throw new Problem('request.too_many', { retryAfterSeconds: wait });
    const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const encoding = req.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') throw new Problem('request.wrong_type');
    const read = await readBody(req);
    if (!read.ok) throw new Problem('request.too_large', { message: 'A callback takes a body of up to 1 MiB.' });
    if (read.body.length > 0 && !isJson(type)) throw new Problem('request.wrong_type');
    await this.options.engine.answerCallback(token, bodyOf(read.body, type));
  }

  private async refuse(
    req: IncomingMessage,
    res: ServerResponse,
    { error, requestId }: { error: unknown; requestId: string },
  ): Promise<void> {
    const problem = asProblem(error);
    if (problem.status >= 500) this.options.log.error('a callback could not be handled', { requestId, error });
    else {
      const detail = { code: problem.code, address: senderAddress(req) };
      const actor = { kind: 'system', id: 'door' } as const;
      const entry = { workspace: null, actor, action: 'request.refused', requestId, detail };
      await this.refusals
        .store(null, { entry, at: this.options.clock.now() })
        .catch((failure: unknown) =>
          this.options.log.error('a refusal could not be logged', { requestId, error: failure }),
        );
    }
    sendProblem(res, problem, requestId);
  }
}

function bodyOf(body: Buffer, type: string) {
  if (body.length === 0) return null;
  try {
    return jsonSchema.parse(parseBody(body, type));
  } catch (cause) {
    throw new Problem('request.not_json', { cause });
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseAway(error)) return new Problem('server.busy', { retryAfterSeconds: 2, cause: error });
  return new Problem('server.failed', { cause: error });
}
