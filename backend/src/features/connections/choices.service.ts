import { Injectable } from '@nestjs/common';
import type { ChoicesAsked } from '@sluice/shared/api';
import {
  type Choice,
  type ChoicesFrom,
  choicesIn,
  type Connector,
  ConnectorError,
  fieldsBefore,
  listingInput,
  mostChoices,
  type Net,
  readChoices,
  replyFieldsOf,
} from '@sluice/shared/connector';
import { Broker, type Capability, claimOfNoFlow } from '../../broker/call.js';
import type { KnownConnector } from '../../connectors/imported.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { assertTryable } from '../assert-tryable.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { memberEntry } from '../member-entry.js';
import { about, ConnectionActsService } from './connection-acts.service.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionsRepository } from './connections.repository.js';

const timeoutMs = 20_000;

/** What a field of a form may hold, as the service behind a connection lists it. */
@Injectable()
export class ChoicesService {
  constructor(
    private readonly acts: ConnectionActsService,
    private readonly connections: ConnectionsRepository,
    private readonly connectors: ConnectorsService,
    private readonly environments: EnvironmentsService,
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  /** Asks where a draft may be tried, and whoever may try one: a step of it could read the same. */
  async list(actor: Actor, id: string, asked: ChoicesAsked): Promise<{ items: Choice[]; more: boolean }> {
    const connection = await this.connections.find(actor.workspace, id);
    if (connection === null) throw new Problem('connection.unknown');
    assertMay(actor, 'flows.deploy', connection.environment);
    assertMay(actor, 'flows.run', connection.environment);
    if (connection.revokedAt !== null) throw new Problem('connection.revoked');
    assertTryable(await this.environments.get(actor.workspace, connection.environment));
    const known = await this.connectors.get(actor.workspace, connection.connector);
    const from = choicesOf(known, asked);
    const missing = fieldsBefore(from).find((name) => (asked.given[name] ?? '') === '');
    if (missing !== undefined)
      throw new Problem('connection.no_choices', { message: `Give "${missing}" first: the choices depend on it.` });
    // What asks with somebody's credential is in the log before it asks.
    await this.acts.commit(async () => [
      memberEntry(actor, 'connection.choices_asked', about(connection, { action: from.action, field: asked.field })),
    ]);
    return await this.ask(connection, known.connector, { from, given: asked.given });
  }

  private async ask(
    connection: ConnectionEntity,
    connector: Connector,
    { from, given }: { from: ChoicesFrom; given: ChoicesAsked['given'] },
  ): Promise<{ items: Choice[]; more: boolean }> {
    const action = connector.actions[from.action];
    if (action === undefined) throw new Problem('connection.no_choices');
    const input = action.input.safeParse(listingInput(connector, from, given));
    if (!input.success)
      throw new Problem('connection.no_choices', {
        message: `${action.title} does not take what ${fieldsBefore(from).join(' and ')} hold: correct them first.`,
      });
    const { id, workspaceId: workspace, environment, connector: connectorId, hosts } = connection;
    const signal = AbortSignal.timeout(timeoutMs);
    const until = this.clock.now() + timeoutMs;
    const capability = this.broker.mint({
      ...claimOfNoFlow(
        { workspace, environment, connection: id, connector: connectorId, hosts },
        { call: `${action.method} ${action.path}`, deadline: until },
      ),
      action: from.action,
      scopes: action.scopes,
      reply: replyFieldsOf(connector, action),
    });
    const net = this.openNet(capability, signal);
    const config: unknown = connector.base.config.parse(connection.config);
    try {
      const output = action.output.parse(
        await action.run({ config, net, idempotencyKey: capability.nonce, signal }, input.data),
      );
      const items = readChoices(from, output, given);
      return { items: items.slice(0, mostChoices), more: Object(output).more === true || items.length > mostChoices };
    } catch (error) {
      // Of any other error the words are for nobody.
      const said = error instanceof ConnectorError ? { message: error.message } : {};
      throw new Problem('connection.no_choices', said);
    }
  }

  /** Lists are asked for over HTTP alone. */
  private openNet(capability: Capability, signal: AbortSignal): Net {
    const none = async (): Promise<never> => {
      throw new ConnectorError('rejected', 'This service lists no choices; type the value.');
    };
    return {
      http: async (request) => {
        const answer = await this.broker.call(capability, { kind: 'http', request }, { signal });
        if (answer.ok && answer.kind === 'http') return answer.reply;
        if (answer.ok) return await none();
        const { kind, message } = answer.failure;
        throw new ConnectorError(kind === 'refused' ? 'rejected' : 'unavailable', message);
      },
      mail: none,
      sftp: none,
      sql: none,
      imap: none,
      sign: none,
    };
  }
}

/** Throws `connection.no_choices` where the field's are not listed, or what lists them does more than read. */
function choicesOf({ connector, description }: KnownConnector, { form, field }: ChoicesAsked): ChoicesFrom {
  const action = description.actions.find(({ id }) => form.kind === 'action' && id === form.id);
  const trigger = description.triggers.find(({ id }) => form.kind === 'trigger' && id === form.id);
  const from = choicesIn(action?.input ?? trigger?.params ?? {}).get(field);
  const listing = from && connector.actions[from.action];
  const isRead = typeof listing?.effect === 'object' && listing.effect.class === 'natural';
  if (from === undefined || !isRead) throw new Problem('connection.no_choices');
  return from;
}
