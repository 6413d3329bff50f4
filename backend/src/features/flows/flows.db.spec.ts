import type { DraftChange } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import type { Actor } from '../../platform/actor.js';
import { DraftsService } from './drafts.service.js';
import { FlowsService } from './flows.service.js';
import { PresenceService } from './presence.service.js';
import { VersionsService } from './versions.service.js';
import { newId } from '../../platform/ids.js';

const document = (subject = 'Thank you', more: Readonly<Record<string, Json>> = {}): Json => ({
  schema: 'sluice.flow/1',
  slots: { mail: { connector: 'smtp' } },
  steps: [
    { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received' },
    {
      id: 'receipt',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: { to: { $: 'trigger.body.email' }, subject, text: 'Paid' },
    },
  ],
  edges: [{ from: 'paid', to: 'receipt' }],
  ...more,
});

describe('flows', () => {
  let house: OpenFeatures;
  let flows: FlowsService;
  let drafts: DraftsService;
  let versions: VersionsService;
  let lena: Actor;
  let stranger: Actor;

  beforeAll(async () => {
    house = await openFeatures();
    [flows, drafts, versions] = [house.get(FlowsService), house.get(DraftsService), house.get(VersionsService)];
    ({ lena } = await house.aWorkspace({ lena: ['builder'] }));
    ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
  });
  afterAll(() => house.close());

  it('start empty or from an exported document', async () => {
    const empty = await flows.create(lena, { name: 'Empty' });
    expect(empty).toMatchObject({ name: 'Empty', revision: 0, latestVersion: null, hasChanges: true, connectors: [] });

    const imported = await flows.create(lena, { name: 'Imported', document: JSON.stringify(document()) });
    expect(imported).toMatchObject({ owner: { name: 'lena' }, connectors: ['webhook', 'smtp'], classes: ['personal'] });
    expect((await drafts.get(lena.workspace, imported.id)).problems).toEqual([]);
  });

  it('give the draft back with its keys in the order of the schema', async () => {
    const { id } = await flows.create(lena, { name: 'Order', document: document() });
    const { document: stored } = await drafts.get(lena.workspace, id);
    expect(Object.keys(stored)).toEqual(['schema', 'slots', 'steps', 'edges', 'settings', 'layout', 'notes', 'groups']);
    expect(Object.keys(stored.steps[1] ?? {}).slice(0, 4)).toEqual(['id', 'kind', 'slot', 'action']);
  });

  it('keep the order in which the fields of a step were put', async () => {
    const fields = { zulu: 'z', alpha: 'a', note: 'n', b: 'b' };
    const step = { id: 'shape', kind: 'transform', input: fields };
    const { id } = await flows.create(lena, {
      name: 'Fields',
      document: { schema: 'sluice.flow/1', slots: {}, steps: [step], edges: [] },
    });

    const [stored] = (await drafts.get(lena.workspace, id)).document.steps;

    expect(Object.keys(stored?.kind === 'transform' ? stored.input : {})).toEqual(Object.keys(fields));
  });

  it('of two who save on the same base, one is told to load again', async () => {
    const { id } = await flows.create(lena, { name: 'Race' });
    const both = await Promise.allSettled([
      drafts.save(lena, id, { document: document('One'), baseRevision: 0 }),
      drafts.save(lena, id, { document: document('Two'), baseRevision: 0 }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'flow.changed_elsewhere' } });
    expect((await flows.get(lena.workspace, id)).revision).toBe(1);
    await drafts.save(lena, id, { document: document('Three') });
    expect((await flows.get(lena.workspace, id)).revision).toBe(2);
  });

  const subject = (was: Json, to: Json) => ({ at: ['steps', 'receipt', 'input', 'subject'], was, to });
  const text = (to: Json) => ({ at: ['steps', 'receipt', 'input', 'text'], was: 'Paid', to });

  it('take changes of two people to different parts, and give the second what the first did', async () => {
    const { id } = await flows.create(lena, { name: 'Two', document: document() });
    expect(await drafts.change(lena, id, { changes: [subject('Thank you', 'Danke')], baseRevision: 0 })).toEqual(
      expect.not.objectContaining({ document: expect.anything() }),
    );
    const second = await drafts.change(lena, id, { changes: [text('Bezahlt')], baseRevision: 0 });
    expect(second).toMatchObject({
      revision: 2,
      problems: [],
      document: { steps: [{}, { input: { subject: 'Danke', text: 'Bezahlt' } }] },
    });
    expect((await drafts.get(lena.workspace, id)).document).toEqual(second.document);
  });

  it('of two who change one field at the same moment, one is told where, and nothing of theirs is kept', async () => {
    const { id } = await flows.create(lena, { name: 'One field', document: document() });
    const both = await Promise.allSettled([
      drafts.change(lena, id, { changes: [subject('Thank you', 'One'), text('A')], baseRevision: 0 }),
      drafts.change(lena, id, { changes: [subject('Thank you', 'Two')], baseRevision: 0 }),
    ]);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({
      reason: { code: 'flow.changed_elsewhere', issues: [{ path: 'steps.receipt.input.subject' }] },
    });
    const winner = both[0]?.status === 'fulfilled' ? ['One', 'A'] : ['Two', 'Paid'];
    const { document: kept, revision } = await drafts.get(lena.workspace, id);
    expect([revision, kept.steps[1]]).toMatchObject([1, { input: { subject: winner[0], text: winner[1] } }]);
  });

  it('take changes that were sent twice once, and refuse those of a secret, of no step, and of another workspace', async () => {
    const { id } = await flows.create(lena, { name: 'Again', document: document() });
    const changes = [subject('Thank you', 'Danke')];
    await drafts.change(lena, id, { changes, baseRevision: 0 });
    expect(await drafts.change(lena, id, { changes, baseRevision: 0 })).toMatchObject({ revision: 2 });
    const secret = `sk_${'live'}_4eC39HqLyjWDarjtT1zdp7dc`;
    const refused: [DraftChange, string][] = [
      [subject('Danke', secret), 'flow.invalid_document'],
      [{ at: ['steps', 'receipt'], was: { a: 1 }, to: 'no step' }, 'flow.changed_elsewhere'],
      [{ at: ['steps', 'new'], to: 'no step' }, 'flow.invalid_document'],
    ];
    for (const [to, code] of refused)
      await expect(drafts.change(lena, id, { changes: [to], baseRevision: 2 })).rejects.toMatchObject({ code });
    await expect(drafts.change(stranger, id, { changes, baseRevision: 2 })).rejects.toMatchObject({
      code: 'flow.unknown',
    });
    expect((await flows.get(lena.workspace, id)).revision).toBe(2);
  });

  it('tell who else has one open and at which step, until they leave or go silent', async () => {
    const { id } = await flows.create(lena, { name: 'Together' });
    const presence = house.get(PresenceService);
    const here = (tab: string, more: { step?: string; isHere?: boolean } = {}) =>
      presence.tell(lena, id, { tab, step: more.step ?? null, isHere: more.isHere ?? true });
    expect(await here('tab_first')).toEqual([]);
    await here('tab_second', { step: 'receipt' });
    expect(await here('tab_first')).toEqual([
      { member: { id: lena.member, name: 'lena' }, tab: 'tab_second', step: 'receipt' },
    ]);
    await here('tab_second', { isHere: false });
    expect(await here('tab_first')).toEqual([]);
    await here('tab_second');
    house.clock.ahead += 31_000;
    expect(await here('tab_first')).toEqual([]);
    await expect(presence.tell(stranger, id, { tab: 'tab_other', step: null, isHere: true })).rejects.toMatchObject({
      code: 'flow.unknown',
    });
  });

  it('a refused draft changes nothing', async () => {
    const { id } = await flows.create(lena, { name: 'Secret' });
    const secret = `sk_${'live'}_4eC39HqLyjWDarjtT1zdp7dc`;
    await expect(drafts.save(lena, id, { document: document(secret) })).rejects.toMatchObject({
      code: 'flow.invalid_document',
    });
    const { rows } = await house.pool.query(
      'select draft::text || coalesce((select string_agg(body, $2) from audit_entry), $2) as text from flow where id = $1',
      [id, ''],
    );
    expect(rows[0].text).not.toContain(secret);
    expect((await flows.get(lena.workspace, id)).revision).toBe(0);
  });

  it('are published at once by more than the database has connections for', async () => {
    const made = await Promise.all(
      Array.from({ length: 24 }, (_, nth) => flows.create(lena, { name: `At once ${nth}`, document: document() })),
    );
    const published = await Promise.all(made.map(({ id }) => versions.publish(lena, id, null)));
    expect(published.map(({ version }) => version)).toEqual(made.map(() => 1));
  });

  it('publish a version once for a content, whoever asks at the same moment', async () => {
    const { id } = await flows.create(lena, { name: 'Publish', document: document() });
    const first = await Promise.all(Array.from({ length: 4 }, () => versions.publish(lena, id, 'First')));
    expect(new Set(first.map(({ version }) => version))).toEqual(new Set([1]));
    expect(await flows.get(lena.workspace, id)).toMatchObject({ latestVersion: 1, hasChanges: false });

    await drafts.save(lena, id, { document: document('Thank you', { layout: { paid: [10, 20] } }) });
    expect((await versions.publish(lena, id, null)).version).toBe(1);

    await drafts.save(lena, id, { document: document('Danke') });
    expect(await flows.get(lena.workspace, id)).toMatchObject({ latestVersion: 1, hasChanges: true });
    const second = await versions.publish(lena, id, null);
    expect(second).toMatchObject({ version: 2, note: null, createdBy: { name: 'lena' } });
    expect(second.hash).not.toBe(first[0]?.hash);
    expect((await versions.list(lena.workspace, id, { before: null, limit: 1 })).map(({ version }) => version)).toEqual(
      [2],
    );
    expect((await versions.list(lena.workspace, id, { before: 2, limit: 9 })).map(({ version }) => version)).toEqual([
      1,
    ]);
    expect((await versions.get(lena.workspace, id, 1)).document.steps[1]).toMatchObject({
      input: { subject: 'Thank you' },
    });
  });

  it('refuse to publish with problems, each with its step', async () => {
    const { id } = await flows.create(lena, { name: 'Broken', document: document('Thank you', { slots: {} }) });
    const problem = await versions.publish(lena, id, null).catch((error: unknown) => error);
    expect(problem).toMatchObject({
      code: 'flow.has_problems',
      issues: [expect.objectContaining({ path: 'slot', step: 'receipt' })],
    });
  });

  it('refuse to publish what sends data to a connector that is not meant to have it, with its path', async () => {
    const sending: Json = {
      schema: 'sluice.flow/1',
      slots: { mail: { connector: 'smtp' } },
      steps: [
        {
          id: 'paid',
          kind: 'trigger',
          connector: 'webhook',
          trigger: 'received',
          config: { holds: { card: 'payment' } },
        },
        {
          id: 'map',
          kind: 'transform',
          input: { email: { $: 'trigger.body.email' }, card: { $: 'trigger.body.card' } },
        },
        {
          id: 'mail',
          kind: 'action',
          slot: 'mail',
          action: 'send',
          input: { to: { $: 'steps.map.email' }, subject: 'Paid', text: 'With {{ steps.map.card }}' },
        },
      ],
      edges: [
        { from: 'paid', to: 'map' },
        { from: 'map', to: 'mail' },
      ],
    };
    const { id } = await flows.create(lena, { name: 'Leaking', document: sending });
    const { problems, boundaries } = await drafts.get(lena.workspace, id);

    expect(boundaries.environments.map(({ name, classes }) => [name, classes.length])).toContainEqual(['dev', 6]);
    expect(problems).toMatchObject([{ code: 'class.not_for_connector', step: 'mail', class: 'payment' }]);
    await expect(versions.publish(lena, id, null)).rejects.toMatchObject({
      code: 'flow.has_problems',
      issues: [
        {
          step: 'mail',
          path: 'input.text',
          message: expect.stringContaining('paid.body.card -> map.card -> mail.text'),
        },
      ],
    });
    expect(await versions.list(lena.workspace, id, { before: null, limit: 1 })).toEqual([]);
  });

  it('list newest first, by pages and by name, with today’s runs', async () => {
    const { mira } = await house.aWorkspace({ mira: ['builder'] });
    const ids: string[] = [];
    for (const name of ['100 % of orders', 'Orders', 'Refunds']) ids.push((await flows.create(mira, { name })).id);
    const runs = [
      ['failed', '2 minutes'],
      ['in_doubt', '1 minute'],
      ['succeeded', '3 days'],
    ];
    const runIds = runs.map(() => newId('run'));
    for (const [index, [status, ago]] of runs.entries()) {
      await house.pool.query(
        `insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key, started_at, keep_days)
         values ($1, $2, $3, 1, 'dev', 'dep_1', 'manual', $4, '', now() - $5::interval, 90)`,
        [runIds[index], mira.workspace, ids[1], status, ago],
      );
    }
    // The runs above are of today unless midnight was a moment ago.
    const sinceMidnight = await house.pool.query(
      `select count(*)::int as n from run where flow_id = $1 and started_at >= date_trunc('day', now())`,
      [ids[1]],
    );

    const [newest, second] = await flows.list(mira.workspace, { limit: 2 });
    expect([newest?.id, second?.id]).toEqual([ids[2], ids[1]]);
    expect(newest).toMatchObject({ lastRun: null, today: { runs: 0, failed: 0, inDoubt: 0 } });
    expect(second).toMatchObject({
      lastRun: { id: runIds[1], status: 'in_doubt' },
      today: { runs: sinceMidnight.rows[0].n },
    });
    expect((await flows.list(mira.workspace, { limit: 9, cursor: second?.id })).map(({ id }) => id)).toEqual([ids[0]]);
    expect((await flows.list(mira.workspace, { limit: 9, q: 'order' })).map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect((await flows.list(mira.workspace, { limit: 9, q: '0 %' })).map(({ id }) => id)).toEqual([ids[0]]);
    expect(await flows.list(mira.workspace, { limit: 9, q: '_' })).toEqual([]);
  });

  it('ask the database as often for many flows as for one', async () => {
    const { mira } = await house.aWorkspace({ mira: ['builder'] });
    for (let at = 0; at < 12; at += 1) await flows.create(mira, { name: `Flow ${at}`, document: document(`${at}`) });
    const queries = vi.spyOn(house.get(DataSource), 'createQueryRunner');
    expect(await flows.list(mira.workspace, { limit: 1 })).toHaveLength(1);
    const forOne = queries.mock.calls.length;
    expect(await flows.list(mira.workspace, { limit: 50 })).toHaveLength(12);
    expect(queries.mock.calls.length - forOne).toBeLessThanOrEqual(forOne);
    queries.mockRestore();
  });

  it('F11: are unknown to another workspace, to read and to change', async () => {
    const { id } = await flows.create(lena, { name: 'Ours', document: document() });
    await versions.publish(lena, id, null);
    const unknown = { code: 'flow.unknown' };
    await expect(flows.get(stranger.workspace, id)).rejects.toMatchObject(unknown);
    await expect(flows.rename(stranger, id, 'Mine')).rejects.toMatchObject(unknown);
    await expect(flows.remove(stranger, id)).rejects.toMatchObject(unknown);
    await expect(drafts.get(stranger.workspace, id)).rejects.toMatchObject(unknown);
    await expect(drafts.save(stranger, id, { document: document('Mine') })).rejects.toMatchObject(unknown);
    await expect(drafts.inspect(stranger.workspace, id)).rejects.toMatchObject(unknown);
    await expect(versions.publish(stranger, id, null)).rejects.toMatchObject(unknown);
    await expect(versions.list(stranger.workspace, id, { before: null, limit: 9 })).rejects.toMatchObject(unknown);
    await expect(versions.get(stranger.workspace, id, 1)).rejects.toMatchObject({ code: 'version.unknown' });
    expect(await flows.list(stranger.workspace, { limit: 9 })).toEqual([]);
    expect(await flows.get(lena.workspace, id)).toMatchObject({ name: 'Ours', revision: 0 });
  });

  it('leave when removed, and each change is in the log', async () => {
    const { id } = await flows.create(lena, { name: 'Short', document: document() });
    await flows.rename(lena, id, 'Shorter');
    await versions.publish(lena, id, null);
    await flows.remove(lena, id);
    await expect(flows.get(lena.workspace, id)).rejects.toMatchObject({ code: 'flow.unknown' });
    expect((await versions.get(lena.workspace, id, 1)).version).toBe(1);
    const { rows } = await house.pool.query(
      'select action from audit_entry where subject like $1 order by block, pos',
      [`%${id}%`],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'flow.created',
      'flow.renamed',
      'flow.published',
      'flow.removed',
    ]);
  });
});
