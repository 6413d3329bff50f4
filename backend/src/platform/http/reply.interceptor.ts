import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Contract } from '@sluice/shared/api';
import type { Response } from 'express';
import { concatWith, ignoreElements, map, NEVER, type Observable } from 'rxjs';
import { Answer, contractKey } from './route.js';

/** Every answer passes its contract's schema: what the schema doesn't name never leaves. */
@Injectable()
export class ReplyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const contract: Contract | undefined = Reflect.getMetadata(contractKey, context.getHandler());
    if (contract === undefined) return next.handle();
    // The handler writes and ends the answer itself; for Nest it never does, else Nest would end it at once.
    if (contract.produces !== undefined) return next.handle().pipe(ignoreElements(), concatWith(NEVER));
    return next.handle().pipe(
      map((value: unknown) => {
        if (!(value instanceof Answer)) return contract.reply.parse(value);
        context.switchToHttp().getResponse<Response>().status(value.status);
        return contract.reply.parse(value.body);
      }),
    );
  }
}
