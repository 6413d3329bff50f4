import { Injectable } from '@nestjs/common';
import { TokenBuckets } from '../../../intake/token-buckets.js';
import type { Actor } from '../../../platform/actor.js';
import { Clock } from '../../../platform/clock.js';
import { isListed } from '../../../platform/http/address-list.js';
import { Log } from '../../../platform/log.js';
import { Problem } from '../../../platform/problem.js';
import { enterWorkspace } from '../../../platform/workspace-scope.js';
import { actorOf } from '../actor-of.js';
import { tokenHash } from './token-secret.js';
import { type TokenBehind, TokensRepository } from './tokens.repository.js';

/** Of one token, in each process. */
const rate = { burst: 200, perSecond: 20 };
/** Of one address that sends tokens nobody knows. */
const wrongRate = { burst: 20, perSecond: 0.2 };
const noteMs = 60_000;

/** Who is behind an API token, asked at each request: what was revoked a moment ago opens nothing. */
@Injectable()
export class TokenBearers {
  private readonly uses = new TokenBuckets(rate);
  private readonly wrong = new TokenBuckets(wrongRate);

  constructor(
    private readonly tokens: TokensRepository,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** See MemberLookup. Throws `request.too_many` to an address that sent too many tokens that nobody knows. */
  async find(
    text: string,
    { address, requestId }: { address: string; requestId: string },
  ): Promise<{ actor: Actor; refusal: Problem | null } | null> {
    const token = /^slc_[\w-]{43}$/.test(text) ? await this.tokens.behind(tokenHash(text)) : null;
    if (token === null) {
      const wait = this.wrong.take(address, this.clock.now());
      if (wait > 0) throw new Problem('request.too_many', { retryAfterSeconds: wait });
      return null;
    }
    const { id, name, permissions, environments, member } = token;
    const bearer = {
      ...actorOf(member, requestId),
      name: `${member.name}, by token ${name}`,
      token: { id, permissions, environments },
    };
    const refusal = this.refusalOf(token, address);
    enterWorkspace(member.workspace);
    if (refusal === null) this.noteUse(token, address);
    return { actor: bearer, refusal };
  }

  private refusalOf({ id, revokedAt, expiresAt, cidrs }: TokenBehind, address: string): Problem | null {
    const now = this.clock.now();
    if (revokedAt !== null || expiresAt.getTime() <= now) return new Problem('token.invalid');
    if (cidrs.length > 0 && !isListed(address, cidrs)) return new Problem('token.wrong_address');
    const wait = this.uses.take(id, now);
    return wait > 0 ? new Problem('request.too_many', { retryAfterSeconds: wait }) : null;
  }

  /** To the minute, and beside the request: nobody waits for it. */
  private noteUse({ id, lastUsedAt, lastUsedFrom }: TokenBehind, address: string): void {
    const now = this.clock.now();
    if (lastUsedFrom === address && lastUsedAt !== null && lastUsedAt.getTime() + noteMs > now) return;
    this.tokens
      .noteUse(id, { at: new Date(now), from: address })
      .catch((error: unknown) => this.log.warn('the use of an API token was not noted', { token: id, error }));
  }
}
