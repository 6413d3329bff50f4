import { Injectable } from '@nestjs/common';
import type { KillSwitchKind } from '@sluice/shared/api';
import { connectors } from '../../connectors/registry.js';
import { Problem } from '../../platform/problem.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { FlowsService } from '../flows/flows.service.js';
import { readHostTarget } from './host-target.js';

/** A switch on something that isn't there would only look as if it held something. */
@Injectable()
export class KillSwitchTargets {
  constructor(
    private readonly flows: FlowsService,
    private readonly connections: ConnectionsService,
    private readonly environments: EnvironmentsService,
  ) {}

  /** The target as broker and door compare it. Throws what is unknown. */
  async resolve(workspace: string, { kind, id }: { kind: KillSwitchKind; id: string }): Promise<string> {
    switch (kind) {
      case 'flow':
        await this.flows.assertKnown(workspace, id);
        return id;
      case 'connection':
        if ((await this.connections.list(workspace, { id, limit: 1 })).length === 0)
          throw new Problem('connection.unknown');
        return id;
      case 'connector':
        if (connectors[id] === undefined)
          throw new Problem('connector.unknown', { message: `There is no connector "${id}" here.` });
        return id;
      case 'environment':
        return (await this.environments.get(workspace, id)).name;
      case 'host':
        return getHost(id);
    }
  }
}

function getHost(text: string): string {
  const host = readHostTarget(text);
  if (host !== null) return host;
  const message = 'Name a host such as api.example.com, or a host and port such as api.example.com:8443.';
  throw new Problem('request.invalid', { message, issues: [{ path: 'target.id', message }] });
}
