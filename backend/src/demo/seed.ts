import { authApi, connectionsApi, deploymentsApi, flowsApi, grantsApi } from '@sluice/shared/api';
import type { Client } from './client.js';
import type { Demo, DemoEndpoint } from './demo-file.js';
import type { DemoFlow } from './flows/demo-flow.js';
import { leadFlow } from './flows/lead.js';
import { paymentFlow } from './flows/payment.js';
import { refundFlow } from './flows/refund.js';
import { gather } from './members.js';
import { say } from './say.js';
import { type DemoConnection, type DemoEnvironment, environments, type StandIns } from './stand-ins.js';

/** Connection ids by environment and connector. */
type Connections = Readonly<Record<DemoEnvironment, ReadonlyMap<string, string>>>;

/**
 * Sets everything up as people would, over the public API: the owner invites and connects, Lena draws, publishes and
 * deploys, Mira approves. The last version of the lead flow asks for one scope more in staging and waits for an answer.
 */
export async function seed({ url, demo, standIns }: { url: string; demo: Demo; standIns: StandIns }): Promise<Demo> {
  say('Inviting the demo members ...');
  const { team, members } = await gather(url, demo);
  say('Connecting the stand-ins ...');
  const connections = await connect(team.owner.client, standIns.connections);
  say('Drawing, approving and deploying three flows ...');
  await team.approver.client.giveCode(authApi.stepUp, team.approver.codes);
  const endpoints: DemoEndpoint[] = [];
  for (const flow of [paymentFlow, leadFlow, refundFlow]) {
    endpoints.push(
      ...(await install(flow, { builder: team.builder.client, approver: team.approver.client, connections })),
    );
  }
  return { ...demo, members, endpoints, isComplete: true };
}

async function connect(owner: Client, given: readonly DemoConnection[]): Promise<Connections> {
  const ids: Record<DemoEnvironment, Map<string, string>> = { dev: new Map(), staging: new Map() };
  for (const body of given) {
    const { id } = await owner.call(connectionsApi.create, { body });
    ids[body.environment].set(body.connector, id);
    // The other two have nothing harmless to ask.
    if (body.connector === 'hubspot' || body.connector === 'stripe') {
      await owner.call(connectionsApi.test, { params: { id } });
    }
  }
  return ids;
}

interface Crew {
  builder: Client;
  approver: Client;
  connections: Connections;
}

/** The first version runs everywhere, later ones in dev; in staging they wait for approval. */
async function install(flow: DemoFlow, { builder, approver, connections }: Crew): Promise<DemoEndpoint[]> {
  const { id } = await builder.call(flowsApi.create, { body: { name: flow.name } });
  const params = { id };
  const endpoints: DemoEndpoint[] = [];
  for (const { note, document } of flow.versions) {
    await builder.call(flowsApi.saveDraft, { params, body: { document } });
    const { version, manifest } = await builder.call(flowsApi.publish, { params, body: { note } });
    for (const environment of environments) {
      const bindings = Object.fromEntries(
        Object.entries(manifest.slots).map(([slot, { connector }]) => [
          slot,
          connections[environment].get(connector) ?? '',
        ]),
      );
      const reason = version === 1 ? flow.reason : note;
      const deployed = await builder.call(deploymentsApi.deploy, {
        params,
        body: { environment, version, bindings, reason },
      });
      if (version === 1) {
        for (const request of deployed.grantRequests) {
          await approver.call(grantsApi.approve, {
            params: { id: request.id },
            body: { reason: 'Agreed with the data owner' },
          });
        }
      }
      endpoints.push(
        ...deployed.endpoints.flatMap(({ path, secret }) =>
          secret === undefined ? [] : [{ flow: flow.key, environment, path, secret }],
        ),
      );
    }
  }
  return endpoints;
}
