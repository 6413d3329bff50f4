import { Injectable } from '@nestjs/common';
import type { KillSwitchKind } from '@sluice/shared/api';
import { Problem } from '../../platform/problem.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { readHostTarget } from './host-target.js';

interface Target {
  kind: KillSwitchKind;
  id: string;
}

/** A switch on something that isn't there would only look as if it held something. */
@Injectable()
export class KillSwitchTargets {
  constructor(
    private readonly flows: FlowsService,
    private readonly connections: ConnectionsService,
    private readonly environments: EnvironmentsService,
    private readonly connectors: ConnectorsService,
  ) {}

  /**
   * The target as broker and door compare it, and the environment that it is felt in: null for one that is felt in all.
   * Throws what is unknown.
   */
  async resolve(workspace: string, target: Target): Promise<{ id: string; environment: string | null }> {
    const { kind, id } = target;
    switch (kind) {
      case 'flow':
        await this.flows.assertKnown(workspace, id);
        return { id, environment: null };
      case 'connection': {
        const environment = await this.environmentOf(workspace, target);
        if (environment === null) throw new Problem('connection.unknown');
        return { id, environment };
      }
      case 'connector':
        await this.connectors.get(workspace, id);
        return { id, environment: null };
      case 'environment': {
        const { name } = await this.environments.get(workspace, id);
        return { id: name, environment: name };
      }
      case 'host':
        return { id: getHost(id), environment: null };
    }
  }

  /** Where a switch is felt; null for everywhere. */
  async environmentOf(workspace: string, { kind, id }: Target): Promise<string | null> {
    if (kind === 'environment') return id;
    if (kind !== 'connection') return null;
    const [connection] = await this.connections.list(workspace, { id, limit: 1 });
    return connection?.environment ?? null;
  }
}

function getHost(text: string): string {
  const host = readHostTarget(text);
  if (host !== null) return host;
  const message = 'Name a host such as api.example.com, or a host and port such as api.example.com:8443.';
  throw new Problem('request.invalid', { message, issues: [{ path: 'target.id', message }] });
}
