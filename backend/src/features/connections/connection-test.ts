import { Injectable } from '@nestjs/common';
import { ConnectorError, type Net } from '@sluice/shared/connector';
import { Broker, type BrokerRequest, claimOfNoFlow } from '../../broker/call.js';
import { Clock } from '../../platform/clock.js';
import { Log } from '../../platform/log.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { AuthorizationsService } from './authorizations.service.js';
import type { ConnectionEntity } from './connection.entity.js';

const timeoutMs = 20_000;

/** Asks a service, through the broker like any step, whether it accepts a connection. */
@Injectable()
export class ConnectionTest {
  constructor(
    private readonly broker: Broker,
    private readonly authorizations: AuthorizationsService,
    private readonly connectors: ConnectorsService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Never rejects: what went wrong is the result. Null where the connector has no test. */
  async run(connection: ConnectionEntity): Promise<{ ok: boolean; message: string } | null> {
    const known = await this.connectors.find(connection.workspaceId, connection.connector);
    const base = known?.connector.base;
    if (base?.test === undefined) {
      return connection.authKind === 'oauth2' ? await this.authorizations.check(connection) : null;
    }
    const signal = AbortSignal.timeout(timeoutMs);
    const net = this.openNet(connection, signal);
    try {
      const advice = await base.test({
        config: base.config.parse(connection.config),
        net,
        idempotencyKey: connection.id,
        signal,
      });
      const message = `${base.title} accepts this connection.`;
      return { ok: true, message: typeof advice === 'string' ? `${message} ${advice}` : message };
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
    /** For reading only, for no flow, and for seconds. */
    const ask = async (call: string, request: BrokerRequest) => {
      const { id, workspaceId: workspace, environment, connector, hosts } = connection;
      const of = { workspace, environment, connection: id, connector, hosts };
      const capability = this.broker.mint(claimOfNoFlow(of, { call, deadline: this.clock.now() + timeoutMs }));
      const answer = await this.broker.call(capability, request, { signal });
      if (answer.ok) return answer;
      const { kind, message } = answer.failure;
      throw new ConnectorError(kind === 'refused' ? 'rejected' : 'unavailable', message);
    };
    return {
      http: async (request) => {
        const answer = await ask('GET /*', { kind: 'http', request });
        return answer.kind === 'http' ? answer.reply : otherKind();
      },
      sftp: async (request) => {
        const answer = await ask('LIST /*', { kind: 'sftp', request });
        return answer.kind === 'sftp' ? answer.reply : otherKind();
      },
      sql: async (request) => {
        const answer = await ask('QUERY /statement', { kind: 'sql', request });
        return answer.kind === 'sql' ? answer.reply : otherKind();
      },
      imap: async (request) => {
        const answer = await ask('READ /*', { kind: 'imap', request });
        return answer.kind === 'imap' ? answer.reply : otherKind();
      },
      sign: async () => {
        throw new ConnectorError('rejected', 'A test signs nothing.');
      },
      mail: async () => {
        throw new ConnectorError('rejected', 'A test sends no mail.');
      },
    };
  }
}

function otherKind(): never {
  throw new Error('The broker answered another kind of request');
}
