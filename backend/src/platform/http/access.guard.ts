import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { allowsSomewhere, type Contract, environmentsOf } from '@sluice/shared/api';
import type { Request } from 'express';
import type { Actor } from '../actor.js';
import { Clock } from '../clock.js';
import { Problem } from '../problem.js';
import { publicOrigin } from '../tokens.js';
import { enterWorkspace } from '../workspace-scope.js';
import { AdminAddresses } from './admin-addresses.js';
import { bearerOf } from './bearer.js';
import { contractKey } from './route.js';
import './session-data.js';

/** Who is behind a request, as the member is now: roles and switches count at once. */
export abstract class MemberLookup {
  /** Null when the member is unknown, switched off, or has no second factor. */
  abstract findActor(memberId: string, requestId: string): Promise<Actor | null>;
  /**
   * The member in whose name an API token asks. Null for a token that nobody knows; `refusal` for one that is known and
   * may not be used, or not from there.
   */
  abstract findBearer(
    token: string,
    from: { address: string; requestId: string },
  ): Promise<{ actor: Actor; refusal: Problem | null } | null>;
}

/** Deny by default: a route without a contract does not open, and a contract states who may call. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly members: MemberLookup,
    private readonly admins: AdminAddresses,
    private readonly clock: Clock,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const contract: Contract | undefined = Reflect.getMetadata(contractKey, context.getHandler());
    if (contract === undefined) throw new Problem('route.unknown');
    const req = context.switchToHttp().getRequest<Request>();
    const token = bearerOf(req);
    if (token !== null) await this.admitToken(req, token);
    else await this.admitSession(req, contract);
    this.assertAccess(req, contract, req.actor ?? null);
    return true;
  }

  /** Whatever session comes along counts for nothing: who sends a token is who the token says, or nobody. */
  private async admitToken(req: Request, token: string): Promise<void> {
    const found = await this.members.findBearer(token, { address: req.ip ?? '', requestId: req.requestId });
    if (found === null) throw new Problem('token.invalid');
    enter(req, found.actor);
    if (found.refusal !== null) throw found.refusal;
  }

  private async admitSession(req: Request, contract: Contract): Promise<void> {
    // A browser can't be made to write from another site: it always sends Origin with a write.
    if (contract.method !== 'GET' && req.get('origin') !== this.origin) throw new Problem('request.origin');
    const memberId = req.session?.memberId;
    const actor = memberId === undefined ? null : await this.members.findActor(memberId, req.requestId);
    if (actor === null) return;
    enter(req, actor);
    this.admins.assertAllowed(actor, req.ip ?? '');
  }

  private assertAccess(req: Request, contract: Contract, actor: Actor | null): void {
    const { access } = contract;
    if (access === 'public') return;
    if (actor === null) {
      const pending = req.session?.pendingMemberId !== undefined;
      if (access === 'signing-in' && pending) return;
      throw new Problem(pending ? 'auth.second_factor_required' : 'auth.required');
    }
    const isForPeople = access === 'signing-in' || access === 'person' || contract.stepUp === true;
    if (isForPeople && actor.token !== undefined)
      throw new Problem('access.denied', { message: 'This is left to people: no API token does it.' });
    if (access !== 'signing-in' && access !== 'person' && access !== 'member' && !allowsSomewhere(actor, access)) {
      const whose = actor.token === undefined ? 'Your roles do' : 'This API token does';
      throw new Problem('access.denied', { message: `${whose} not allow this; it needs ${access}.` });
    }
    if (contract.stepUp === true) assertSteppedUp(req, this.clock);
  }
}

/** First of all, so that a refusal is logged where it belongs. */
function enter(req: Request, actor: Actor): void {
  req.actor = actor;
  enterWorkspace(actor.workspace, environmentsOf(actor));
}

/** For acts that are dangerous only by what they carry: the same check that `stepUp` contracts get. */
export function assertSteppedUp(req: Request, clock: Clock): void {
  if (req.actor?.token !== undefined || (req.session?.steppedUpUntil ?? 0) <= clock.now())
    throw new Problem('auth.step_up_required');
}
