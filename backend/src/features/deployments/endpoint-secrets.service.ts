import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { seal } from '../../platform/keys/sealing.js';
import type { EndpointEntity } from './endpoint.entity.js';
import { EndpointsRepository } from './endpoints.repository.js';

/** How long a sender may go on signing with the secret before. */
const overlapMs = 24 * 3_600_000;

/** Signing secrets: made or taken, sealed, at most two live. */
@Injectable()
export class EndpointSecretsService {
  constructor(
    private readonly endpoints: EndpointsRepository,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /** Stores the next version; the one before expires in a day, older ones are gone. */
  async put(tx: EntityManager, endpoint: EndpointEntity, secret: string): Promise<number> {
    const { id, workspaceId: workspace, environment } = endpoint;
    const keys = await this.keyring.keys(workspace, environment, 'endpoint');
    const newest = await this.endpoints.newestSecretVersion(tx, id);
    const now = this.clock.now();
    if (newest > 0) await this.endpoints.retireSecrets(tx, id, { newest, expiresAt: new Date(now + overlapMs) });
    const version = newest + 1;
    const place = {
      purpose: 'endpoint',
      workspace,
      environment,
      table: 'endpoint_secret',
      row: `${id}:${version}`,
      column: 'sealed',
    } as const;
    await this.endpoints.insertSecret(tx, {
      endpointId: id,
      version,
      sealed: seal(keys, secret, place),
      createdAt: new Date(now),
      expiresAt: null,
    });
    return version;
  }
}
