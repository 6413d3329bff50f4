import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { doubleNet } from '../../../test/double-net.js';
import { hubspotDouble } from './double.js';
import { connector } from './index.js';

/** HubSpot's public description of its contacts, where it lies beside the repository. */
const file = new URL(
  '../../../../../shared/data/openapi/CRM__Contacts__Rollouts__424__2026-03__contacts.json',
  import.meta.url,
);

const schemaSchema = z.looseObject({
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.looseObject({ type: z.string().optional() })).optional(),
});
const descriptionSchema = z.object({
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ security: z.array(z.record(z.string(), z.array(z.string()))).default([]) })),
  ),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
});

describe.skipIf(!existsSync(file))(
  'hubspot beside its public description (skipped where the description is absent)',
  () => {
    const description = existsSync(file) ? descriptionSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;

    function operationOf(method: string, path: string) {
      const dated = path.replace('/crm/v3/objects/', '/crm/objects/2026-03/').replace('{email}', '{contactId}');
      return description?.paths[dated]?.[method.toLowerCase()];
    }

    function assertFits(name: string, value: unknown): void {
      const schema = description?.components.schemas[name];
      expect(schema, `${name} is described`).toBeDefined();
      expect(Object.keys(Object(value))).toEqual(expect.arrayContaining(schema?.required ?? []));
      expect(Object.keys(schema?.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(Object(value))));
      for (const [key, one] of Object.entries(Object(value))) {
        const type = schema?.properties?.[key]?.type;
        expect(Array.isArray(one) ? 'array' : typeof one, `${name}.${key}`).toBe(type);
      }
    }

    async function exchange(action: string) {
      const double = hubspotDouble();
      const auth = double.grant(Object.values(connector.base.scopes).flatMap(({ vendor }) => vendor));
      const bodies: unknown[] = [];
      const net = doubleNet({
        auth,
        hosts: ['api.hubapi.com'],
        double: {
          ...double,
          async handle(request) {
            const reply = await double.handle(request);
            bodies.push(request.body, typeof reply === 'object' ? reply.body : reply);
            return reply;
          },
        },
      });
      const { run, input, sample } = connector.actions[action] ?? {};
      const step = { config: {}, net, idempotencyKey: 'idem_1', signal: new AbortController().signal };
      await run?.(step, input?.parse(sample?.input));
      return bodies;
    }

    it('calls the described host', () => {
      const { host } = new URL(description?.servers[0]?.url ?? '');
      expect(connector.base.hosts).toEqual([host]);
    });

    it.each(Object.entries(connector.actions).filter(([id]) => id.startsWith('contacts.')))(
      '%s calls a described path with the described scope',
      (_, action) => {
        const vendor = action.scopes.flatMap((scope) => connector.base.scopes[scope]?.vendor ?? []);
        const security = operationOf(action.method, action.path)?.security.flatMap((one) => one.oauth2 ?? []);
        expect(security).toEqual(vendor);
      },
    );

    it('sends and stands in for the described upsert', async () => {
      const [sent, answered] = await exchange('contacts.upsert');
      assertFits('BatchInputSimplePublicObjectBatchInputUpsert', sent);
      assertFits('SimplePublicObjectBatchInputUpsert', Object(sent).inputs[0]);
      assertFits('BatchResponseSimplePublicUpsertObject', answered);
      assertFits('SimplePublicUpsertObject', Object(answered).results[0]);
    });

    it('stands in for the described contact', async () => {
      const [, answered] = await exchange('contacts.find');
      assertFits('SimplePublicObjectWithAssociations', answered);
    });
  },
);
