import type { ServiceDouble } from '@sluice/shared/connector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { openRealBroker } from '../../../test/real-broker.js';
import { airtableDouble } from '../../connectors/airtable/double.js';
import { githubDouble } from '../../connectors/github/double.js';
import { type ServedDouble, serveDouble } from '../../demo/serve-double.js';
import type { Actor } from '../../platform/actor.js';
import { ChoicesService } from './choices.service.js';
import { ConnectionsService } from './connections.service.js';

const base = 'appZ3YqSample0001';
const bases = { form: { kind: 'action', id: 'records.create' }, field: 'base', given: {} } as const;
const tables = { ...bases, field: 'table', given: { base } } as const;

describe('the choices of a field', () => {
  const airtable = airtableDouble();
  const github = githubDouble();
  let served: ServedDouble[];
  let house: OpenFeatures;
  let choices: ChoicesService;
  let actors: Record<'ada' | 'bea' | 'vic' | 'opa', Actor>;
  let stranger: Actor;

  beforeAll(async () => {
    served = await Promise.all([airtable, github].map((double) => serveDouble(double)));
    const doubles = new Map([airtable, github].map(({ host }, at) => [host, served[at]?.url ?? '']));
    house = await openFeatures({ openBroker: (parts) => openRealBroker(parts, [], doubles) });
    choices = house.get(ChoicesService);
    actors = await house.aWorkspace({ ada: ['admin'], bea: ['builder'], vic: ['viewer'], opa: ['operator'] });
    ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
  });
  afterAll(async () => {
    await house?.close();
    await Promise.all((served ?? []).map((one) => one.stop()));
  });

  async function connect(
    double: ServiceDouble,
    connector: string,
    { environment = 'dev', scopes = ['schema.bases:read', 'metadata:read'] } = {},
  ): Promise<string> {
    const auth = double.grant(scopes);
    if (auth.kind !== 'bearer') throw new Error('a token');
    const body = { connector, environment, name: `${connector} ${scopes.length}`, auth, config: {} };
    return (await house.get(ConnectionsService).create(actors.ada, body)).id;
  }

  async function asked(id: string): Promise<unknown[]> {
    const { rows } = await house.owner.query(
      `select body::jsonb -> 'detail' as detail from audit_entry where action = 'connection.choices_asked' and subject like $1 order by block`,
      [`%${id}%`],
    );
    return rows.map(({ detail }) => detail);
  }

  it('are what the service lists, read over its pages through the broker, and the log has who asked', async () => {
    const id = await connect(airtable, 'airtable');
    expect(await choices.list(actors.bea, id, bases)).toEqual({
      items: [
        { value: 'appOther1', label: 'Books' },
        { value: base, label: 'Shop' },
        { value: 'appOther2', label: 'Team' },
      ],
      more: false,
    });
    expect(await choices.list(actors.bea, id, tables)).toEqual({
      items: [{ value: 'tblZ3YqSample0001', label: 'Orders' }],
      more: false,
    });
    expect(await asked(id)).toEqual([
      { action: 'bases.list', field: 'base' },
      { action: 'tables.list', field: 'table' },
    ]);
    expect(airtable.effects()).toEqual([]);
  });

  it('of a trigger are listed too, and only those that agree with the form', async () => {
    const id = await connect(github, 'github');
    const repo = { form: { kind: 'action', id: 'issues.create' }, field: 'repo' } as const;
    const own = await choices.list(actors.bea, id, { ...repo, given: { owner: 'octo-org' } });
    expect(own.items.map(({ value }) => value)).toEqual(['books', 'shop', 'site']);
    expect((await choices.list(actors.bea, id, { ...repo, given: { owner: 'another' } })).items).toEqual([]);
    const owner = await choices.list(actors.bea, id, { ...repo, field: 'owner', given: {} });
    expect(owner.items).toEqual([{ value: 'octo-org', label: 'octo-org' }]);
  });

  it('wait for the fields that they depend on, and say which', async () => {
    const id = await connect(airtable, 'airtable');
    await expect(choices.list(actors.bea, id, { ...tables, given: {} })).rejects.toMatchObject({
      code: 'connection.no_choices',
      message: 'Give "base" first: the choices depend on it.',
    });
    await expect(choices.list(actors.bea, id, { ...tables, given: { base: 'a/b' } })).rejects.toMatchObject({
      code: 'connection.no_choices',
    });
    expect(await asked(id)).toHaveLength(1);
  });

  it('are those of the connection’s own rights: what it lacks is said in the service’s words', async () => {
    const id = await connect(airtable, 'airtable', { scopes: ['data.records:read'] });
    await expect(choices.list(actors.bea, id, bases)).rejects.toMatchObject({
      code: 'connection.no_choices',
      message: expect.stringContaining('Airtable'),
    });
  });

  it('come from no field but those that say where their choices are', async () => {
    const id = await connect(airtable, 'airtable');
    for (const other of [
      { ...bases, field: 'fields' },
      { ...bases, form: { kind: 'action', id: 'none' } },
      { ...bases, form: { kind: 'trigger', id: 'records.create' } },
    ] as const)
      await expect(choices.list(actors.bea, id, other)).rejects.toMatchObject({ code: 'connection.no_choices' });
    expect(await asked(id)).toEqual([]);
  });

  it('are asked where drafts are tried alone, and by those who may try them', async () => {
    const dev = await connect(airtable, 'airtable');
    const production = await connect(airtable, 'airtable', { environment: 'production' });
    await expect(choices.list(actors.ada, production, bases)).rejects.toMatchObject({ code: 'trial.not_here' });
    for (const actor of [actors.vic, actors.opa])
      await expect(choices.list(actor, dev, bases)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(choices.list(stranger, dev, bases)).rejects.toMatchObject({ code: 'connection.unknown' });
    expect([...(await asked(dev)), ...(await asked(production))]).toEqual([]);
  });
});
