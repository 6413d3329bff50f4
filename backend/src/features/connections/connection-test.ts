import { Injectable } from '@nestjs/common';
import { ConnectorError, type Net } from '@sluice/shared/connector';
import { Broker, type Capability } from '../../broker/call.js';
import { connectors } from '../../connectors/registry.js';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { AuthorizationsService } from './authorizations.service.js';
import type { ConnectionEntity } from './connection.entity.js';

const timeoutMs = 20_000;

/** Asks a service, through the broker like any step, whether it accepts a connection. */
@Injectable()
export class ConnectionTest {
  constructor(
    private readonly broker: Broker,
    private readonly authorizations: AuthorizationsService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Never rejects: what went wrong is the result. Null where the connector has no test. */
  async run(connection: ConnectionEntity): Promise<{ ok: boolean; message: string } | null> {
    const base = connectors[connection.connector]?.base;
    if (base?.test === undefined) {
      return connection.authKind === 'oauth2' ? await this.authorizations.check(connection) : null;
    }
    const signal = AbortSignal.timeout(timeoutMs);
    const net = this.openNet(connection, signal);
    try {
      await base.test({ config: base.config.parse(connection.config), net, idempotencyKey: connection.id, signal });
      return { ok: true, message: `${base.title} accepts this connection.` };
    } catch (error) {
      if (error instanceof ConnectorError) return { ok: false, message: error.message };
      this.log.error('a connection test failed', { connection: connection.id, error });
      return {
        ok: false,
        message: 'The test could not be carried out; try again, and read the server log if it stays so.',
      };
    }
  }

  private openNet(connection: ConnectionEntity, signal: AbortSignal): Net {
    const capability = this.mint(connection);
    return {
      http: async (request) => {
        const answer = await this.broker.call(capability, { kind: 'http', request }, signal);
        if (answer.ok && answer.kind === 'http') return answer.reply;
        if (answer.ok) throw new Error('The broker answered another kind of request');
        throw new ConnectorError(
          answer.failure.kind === 'refused' ? 'rejected' : 'unavailable',
          answer.failure.message,
        );
      },
      mail: async () => {
        throw new ConnectorError('rejected', 'A test sends no mail.');
      },
    };
  }

  /** For reading only, for no flow, and for seconds. */
  private mint({ id, workspaceId, environment, connector, hosts }: ConnectionEntity): Capability {
    return this.broker.mint({
      workspace: workspaceId,
      environment,
      flow: null,
      version: null,
      run: null,
      step: null,
      attempt: 1,
      connection: id,
      connector,
      slot: null,
      action: null,
      grant: null,
      connectorVersion: '',
      scopes: [],
      fields: [],
      hosts,
      call: 'GET /*',
      reply: null,
      deadline: this.clock.now() + timeoutMs,
    });
  }
}
