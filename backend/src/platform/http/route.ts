import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { Contract, Input } from '@sluice/shared/api';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Actor } from '../actor.js';
import { Problem } from '../problem.js';
import { findUnstorable } from './storable.js';

export const contractKey = 'sluice:contract';

/** What a handler receives: everything it was given, checked, and who asks (null where nobody need be signed in). */
export interface Asked<C extends Contract> extends Input<C> {
  actor: C['access'] extends 'public' | 'signing-in' ? Actor | null : Actor;
  requestId: string;
  req: Request;
  res: Response;
}

/** An answer whose status isn't the contract's first. */
export class Answer {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

/** Binds a handler to a contract: method, path, access, checks and documentation all come from it. */
export function Route(contract: Contract): MethodDecorator {
  return applyDecorators(
    RequestMapping({ path: contract.path, method: RequestMethod[contract.method] }),
    HttpCode(contract.status ?? 200),
    SetMetadata(contractKey, contract),
  );
}

/** The one parameter of a handler. A handler can't read anything that its contract doesn't describe. */
export const Given = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const contract: Contract | undefined = Reflect.getMetadata(contractKey, context.getHandler());
  if (contract === undefined) throw new Error('A handler without a contract');
  const req = context.switchToHttp().getRequest<Request>();
  return {
    params: check(contract.params, req.params, 'params'),
    query: check(contract.query, req.query, 'query'),
    body: check(contract.body, req.body, 'body'),
    actor: req.actor ?? null,
    requestId: req.requestId,
    req,
    res: context.switchToHttp().getResponse<Response>(),
  };
});

function check(schema: z.ZodType | undefined, value: unknown, part: 'params' | 'query' | 'body'): unknown {
  if (schema === undefined) return refuseAny(value, part);
  const unstorable = part === 'body' ? null : findUnstorable(value);
  if (unstorable !== null)
    throw new Problem('request.invalid', { issues: [{ ...unstorable, path: `${part}.${unstorable.path}` }] });
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({
    path: [...(part === 'body' ? [] : [part]), ...issue.path].join('.'),
    message: issue.message,
  }));
  throw new Problem('request.invalid', { issues });
}

/** Where a contract takes nothing, what is given anyway was meant to do something: it is refused, not dropped. */
function refuseAny(value: unknown, part: 'params' | 'query' | 'body'): undefined {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (names.length === 0 && (value === undefined || typeof value === 'object')) return undefined;
  const path = part === 'body' ? '' : part;
  throw new Problem('request.invalid', {
    issues: [
      { path, message: `This endpoint takes nothing here${names.length === 0 ? '' : `: ${names.join(', ')}`}.` },
    ],
  });
}
