import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Contract } from '@sluice/shared/api';
import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { catchError, from, mergeMap, type Observable, of } from 'rxjs';
import { contractKey } from '../../platform/http/route.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { openText, seal } from '../../platform/keys/sealing.js';
import { Problem } from '../../platform/problem.js';
import { IdempotencyRepository } from './idempotency.repository.js';

/**
 * Every write takes Idempotency-Key: a repeat gets the first answer, word for word, and changes nothing. The same key
 * on another request is refused. Keys belong to the member and the endpoint, and are kept for a day.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly keys: IdempotencyRepository,
    private readonly keyring: Keyring,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const contract: Contract | undefined = Reflect.getMetadata(contractKey, context.getHandler());
    const req = context.switchToHttp().getRequest<Request>();
    const res = context.switchToHttp().getResponse<Response>();
    const key = req.get('idempotency-key');
    const isPlain = contract === undefined || contract.method === 'GET' || contract.isKeptNowhere === true;
    if (isPlain || key === undefined || req.actor === undefined) return next.handle();
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new Problem('request.invalid', {
        issues: [{ path: 'Idempotency-Key', message: '1 to 255 visible ASCII characters' }],
      });
    }
    const { workspace, member, token } = req.actor;
    // What a token was told is not told to another token, nor to the member's own session.
    const who = token === undefined ? member : `${member} ${token.id}`;
    const place = { scope: `${who} ${contract.method} ${contract.path}`, key };
    const requestHash = createHash('sha256')
      .update(`${req.originalUrl}\n${JSON.stringify(req.body ?? null)}`)
      .digest('hex');
    if (!(await this.keys.claim(place, requestHash))) return await this.repeat({ place, requestHash, workspace, res });
    return next.handle().pipe(
      catchError((error: unknown) =>
        from(this.keys.release(place)).pipe(
          mergeMap(() => {
            throw error;
          }),
        ),
      ),
      // After the catch: the write is committed by now, and a key that was freed would let a repeat do it again.
      mergeMap((body: unknown) => from(this.keep({ place, workspace, body, status: res.statusCode }))),
    );
  }

  private async keep({
    place,
    workspace,
    body,
    status,
  }: {
    place: Place;
    workspace: string;
    body: unknown;
    status: number;
  }): Promise<unknown> {
    const sealed = seal(
      await this.keyring.key(workspace, '', 'idempotency'),
      JSON.stringify(body),
      sealedPlace(workspace, place),
    );
    await this.keys.keep(place, { status, body: sealed });
    return body;
  }

  private async repeat({
    place,
    requestHash,
    workspace,
    res,
  }: {
    place: Place;
    requestHash: string;
    workspace: string;
    res: Response;
  }): Promise<Observable<unknown>> {
    const first = await this.keys.find(place);
    if (first === null || first.status === null || first.body === null)
      throw new Problem('request.in_progress', { retryAfterSeconds: 1 });
    if (first.requestHash !== requestHash) throw new Problem('request.key_reused');
    const body = openText(
      await this.keyring.key(workspace, '', 'idempotency'),
      first.body,
      sealedPlace(workspace, place),
    );
    res.status(first.status);
    res.setHeader('Idempotency-Replayed', 'true');
    return of(JSON.parse(body));
  }
}

type Place = { scope: string; key: string };

function sealedPlace(workspace: string, { scope, key }: Place) {
  const row = createHash('sha256').update(`${scope}\n${key}`).digest('hex');
  return { purpose: 'idempotency', workspace, environment: '', table: 'idempotency_key', row, column: 'body' } as const;
}
