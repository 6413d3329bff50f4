import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Broker, claimOfNoFlow, type OAuthReply, type OAuthRequest } from '../../broker/call.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { publicOrigin } from '../../platform/tokens.js';
import { memberEntry } from '../member-entry.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import { ConnectionNews } from './connection-news.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionsRepository } from './connections.repository.js';

const timeoutMs = 30_000;
/** Where the service sends the browser back to: a page of the editor, exactly this. */
const callbackPath = '/oauth/callback';

/** A member's part in OAuth: to authorize, and to take it back. Tokens stay with the broker. */
@Injectable()
export class AuthorizationsService {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly news: ConnectionNews,
    private readonly broker: Broker,
    private readonly clock: Clock,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  /** Where the browser goes. `session`: the id of the member's session, to which this is bound. */
  async begin(actor: Actor, id: string, session: string): Promise<{ url: string }> {
    const connection = await this.connections.find(actor.workspace, id);
    if (connection === null) throw new Problem('connection.unknown');
    assertMay(actor, 'connections.manage', connection.environment);
    if (connection.revokedAt !== null) throw new Problem('connection.revoked');
    if (connection.authKind !== 'oauth2') throw new Problem('connection.no_authorization');
    const reply = await this.ask(connection, {
      step: 'begin',
      member: actor.member,
      session: hash(session),
      redirectUri: `${this.origin}${callbackPath}`,
    });
    if (reply.step !== 'begin') throw new Error('The broker answered another request');
    await this.acts.commit(async () => [memberEntry(actor, 'connection.authorization_begun', about(connection, {}))]);
    return { url: reply.url };
  }

  /** What the service sent the browser back with. */
  async finish(
    actor: Actor,
    query: string,
    session: string,
  ): Promise<{ connection: string; granted: string[]; missing: string[] }> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const connection = await this.connections.find(actor.workspace, state.split('.')[0] ?? '');
    if (connection === null || connection.revokedAt !== null || connection.authKind !== 'oauth2') {
      throw new Problem('connection.authorization_failed', {
        message: 'This authorization belongs to no connection here: begin it again.',
      });
    }
    assertMay(actor, 'connections.manage', connection.environment);
    try {
      const reply = await this.ask(connection, { step: 'finish', member: actor.member, session: hash(session), query });
      if (reply.step !== 'finish') throw new Error('The broker answered another request');
      return { connection: connection.id, granted: reply.granted, missing: reply.missing };
    } finally {
      await this.news.record();
    }
  }

  /** Whether there is a token, or one can be had. Never rejects. */
  async check(connection: ConnectionEntity): Promise<{ ok: boolean; message: string }> {
    try {
      const reply = await this.ask(connection, { step: 'check' });
      const scopes = reply.step === 'check' && reply.scopes.length > 0 ? `, for ${reply.scopes.join(' ')}` : '';
      return { ok: true, message: `The authorization server gives tokens${scopes}.` };
    } catch (error) {
      if (error instanceof Problem) return { ok: false, message: error.message };
      throw error;
    }
  }

  /** Takes a revoked connection's tokens back at its service, as far as it has a place for that. Never rejects. */
  async takeBack(connection: ConnectionEntity): Promise<{ isRevoked: boolean; message: string }> {
    try {
      const reply = await this.ask(connection, { step: 'revoke' });
      const isRevoked = reply.step === 'revoke' && reply.isRevoked;
      const message = isRevoked ? 'The service revoked the tokens.' : 'There was nothing that the service takes back.';
      return { isRevoked, message };
    } catch (error) {
      if (error instanceof Problem) return { isRevoked: false, message: error.message };
      throw error;
    }
  }

  private async ask(connection: ConnectionEntity, request: OAuthRequest): Promise<OAuthReply> {
    const { id, workspaceId: workspace, environment, connector, hosts } = connection;
    const of = { workspace, environment, connection: id, connector, hosts };
    const deadline = this.clock.now() + timeoutMs;
    const capability = this.broker.mint(claimOfNoFlow(of, { call: `OAUTH ${request.step}`, deadline }));
    const answer = await this.broker.call(capability, { kind: 'oauth', request });
    if (!answer.ok) throw new Problem('connection.authorization_failed', { message: answer.failure.message });
    if (answer.kind !== 'oauth') throw new Error('The broker answered another kind of request');
    return answer.reply;
  }
}

/** The broker needs to know the session again, and not what it is. */
function hash(session: string): string {
  return createHash('sha256').update(session).digest('hex');
}
