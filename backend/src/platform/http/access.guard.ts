import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { allows, type Contract } from '@sluice/shared/api';
import type { Request } from 'express';
import type { Actor } from '../actor.js';
import { Clock } from '../clock.js';
import { Problem } from '../problem.js';
import { publicOrigin } from '../tokens.js';
import { contractKey } from './route.js';
import './session-data.js';

/** Finds the member behind a session, as the member is now: roles and switches count at once. */
export abstract class MemberLookup {
  /** Null when the member is unknown, switched off, or has no second factor. */
  abstract findActor(memberId: string, requestId: string): Promise<Actor | null>;
}

/** Deny by default: a route without a contract does not open, and a contract states who may call. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly members: MemberLookup,
    private readonly clock: Clock,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const contract: Contract | undefined = Reflect.getMetadata(contractKey, context.getHandler());
    if (contract === undefined) throw new Problem('route.unknown');
    const req = context.switchToHttp().getRequest<Request>();
    this.assertOrigin(req, contract);
    const actor = await this.findActor(req);
    if (actor !== null) req.actor = actor;
    this.assertAccess(req, contract, actor);
    return true;
  }

  /** A browser can't be made to write from another site: it always sends Origin with a write. */
  private assertOrigin(req: Request, contract: Contract): void {
    if (contract.method !== 'GET' && req.get('origin') !== this.origin) throw new Problem('request.origin');
  }

  private async findActor(req: Request): Promise<Actor | null> {
    const memberId = req.session?.memberId;
    return memberId === undefined ? null : await this.members.findActor(memberId, req.requestId);
  }

  private assertAccess(req: Request, contract: Contract, actor: Actor | null): void {
    const { access } = contract;
    if (access === 'public') return;
    if (actor === null) {
      const pending = req.session?.pendingMemberId !== undefined;
      if (access === 'signing-in' && pending) return;
      throw new Problem(pending ? 'auth.second_factor_required' : 'auth.required');
    }
    if (access !== 'signing-in' && access !== 'member' && !allows(actor.roles, access)) {
      throw new Problem('access.denied', { message: `Your roles do not allow this; it needs ${access}.` });
    }
    if (contract.stepUp === true) assertSteppedUp(req, this.clock);
  }
}

/** For acts that are dangerous only by what they carry: the same check that `stepUp` contracts get. */
export function assertSteppedUp(req: Request, clock: Clock): void {
  if ((req.session?.steppedUpUntil ?? 0) <= clock.now()) throw new Problem('auth.step_up_required');
}
