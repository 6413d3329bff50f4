import { Inject, Injectable } from '@nestjs/common';
import type { endpointSchema } from '@sluice/shared/api';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { publicOrigin } from '../../platform/tokens.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { FlowsService } from '../flows/flows.service.js';
import { memberEntry } from '../member-entry.js';
import type { EndpointEntity } from './endpoint.entity.js';
import { EndpointSecretsService } from './endpoint-secrets.service.js';
import { EndpointsRepository } from './endpoints.repository.js';
import type { Hook } from './hook.js';
import { assertPublicKey, assertSigningSecret, newSigningSecret } from './signing-keys.js';

export type EndpointReply = z.output<typeof endpointSchema>;
/** With its secret when that was made just now: nobody can read it again. */
export type NewEndpointReply = EndpointReply & { secret?: string };

interface Rotation {
  secret?: string | undefined;
  publicKey?: string | undefined;
}

/** Webhook addresses: one for each flow, environment and trigger step, for good, so that senders need no change. */
@Injectable()
export class EndpointsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly endpoints: EndpointsRepository,
    private readonly secrets: EndpointSecretsService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
    @Inject(publicOrigin) private readonly origin: string,
  ) {}

  async list(workspace: string, flow: string): Promise<EndpointReply[]> {
    await this.flows.assertKnown(workspace, flow);
    return (await this.endpoints.list(workspace, flow)).map((endpoint) => this.toReply(endpoint));
  }

  /** The address for a hook; its secret is in the answer only when it was made just now. */
  async ensure(
    tx: EntityManager,
    actor: Actor,
    { flow, environment, hook }: { flow: string; environment: string; hook: Hook },
  ): Promise<{ endpoint: NewEndpointReply; entries: NewEntry[] }> {
    const found = await this.endpoints.find(tx, actor.workspace, { flowId: flow, environment, stepId: hook.step });
    const endpoint = found ?? (await this.create(tx, actor.workspace, { flow, environment, hook }));
    const needsSecret = hook.scheme !== 'none' && (await this.endpoints.newestSecretVersion(tx, endpoint.id)) === 0;
    const secret = needsSecret ? newSigningSecret() : undefined;
    if (secret !== undefined) await this.secrets.put(tx, endpoint, secret);
    if (found === null || secret !== undefined) await this.changes.notify(tx, 'endpoints', endpoint.id);
    const created = memberEntry(actor, found === null ? 'endpoint.created' : 'endpoint.secret_made', about(endpoint));
    return {
      endpoint: { ...this.toReply(endpoint), ...(secret === undefined ? {} : { secret }) },
      entries: found !== null && secret === undefined ? [] : [created],
    };
  }

  /** Takes the sender's own secret or its public key, or makes a secret. */
  async rotate(
    actor: Actor,
    { flow, id, secret: given, publicKey }: { flow: string; id: string } & Rotation,
  ): Promise<NewEndpointReply> {
    return await this.dataSource.transaction(async (tx) => {
      await this.flows.lock(tx, actor.workspace, flow);
      const endpoint = await this.endpoints.find(tx, actor.workspace, { flowId: flow, id });
      if (endpoint === null) throw new Problem('endpoint.unknown');
      assertMay(actor, 'flows.deploy', endpoint.environment);
      const key = publicKey ?? given ?? newSigningSecret();
      if (publicKey === undefined) assertSigningSecret(endpoint.scheme, key);
      else assertPublicKey(endpoint.scheme, key);
      const version = await this.secrets.put(tx, endpoint, key);
      await this.changes.notify(tx, 'endpoints', id);
      // Whose signatures are taken is for the log to say; a public key is no secret.
      const what = { version, given: given !== undefined, ...(publicKey === undefined ? {} : { publicKey }) };
      await this.journal.record(tx, [memberEntry(actor, 'endpoint.rotated', about(endpoint, what))]);
      return { ...this.toReply(endpoint), ...(publicKey === undefined ? { secret: key } : {}) };
    });
  }

  private async create(
    tx: EntityManager,
    workspace: string,
    { flow, environment, hook }: { flow: string; environment: string; hook: Hook },
  ): Promise<EndpointEntity> {
    const endpoint: EndpointEntity = {
      id: newId('endpoint'),
      workspaceId: workspace,
      flowId: flow,
      environment,
      stepId: hook.step,
      scheme: hook.scheme,
      config: hook.config,
      createdAt: this.clock.date(),
    };
    await this.endpoints.insert(tx, endpoint);
    return endpoint;
  }

  private toReply({ id, environment, scheme, stepId }: EndpointEntity): EndpointReply {
    const path = `/hooks/${id}`;
    return { id, environment, path, url: `${this.origin}${path}`, scheme, step: stepId };
  }
}

/** What the log says a deed was about. */
function about(
  { id, environment, flowId: flow, stepId: step, scheme }: EndpointEntity,
  detail: NewEntry['detail'] = {},
) {
  return { subject: { kind: 'endpoint', id }, environment, detail: { flow, step, scheme, ...detail } };
}
