import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Json } from '@sluice/shared/lib';
import { runsApi } from '@sluice/shared/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { outsider } from '../../../test/outsider.js';
import { sealFileRow } from '../../engine/file-row.js';
import { nameOfKey, newRunKey, sealJson } from '../../engine/run-keys.js';
import { Journal } from '../../journal/journal.js';
import type { PayloadKind } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { newFileId, placeOfFile } from '../../platform/blobs/file-place.js';
import { sealFile } from '../../platform/blobs/sealed-file.js';
import { newId } from '../../platform/ids.js';
import { newKey } from '../../platform/keys/secret-key.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuditService } from '../audit/audit.service.js';
import { CheckpointService } from '../audit/seal/checkpoint.service.js';
import { RunShareService } from '../audit/share/run-share.service.js';
import { ConnectorsModule } from '../connectors/connectors.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { FlowsModule } from '../flows/flows.module.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { PoliciesService } from '../grants/policies.service.js';
import { AsksRepository } from './asks.repository.js';
import { DecisionsService } from './decisions.service.js';
import { FilesService } from './files.service.js';
import { RevealService } from './reveal.service.js';
import { RunEntity } from './run.entity.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([RunEntity]), ConnectorsModule, EnvironmentsModule, FlowsModule],
  providers: [RunsRepository, AsksRepository, RunsService, DecisionsService, RevealService, FilesService],
  exports: [RunsService],
})
class Runs {}

@Module({ imports: [Runs, AuditModule], providers: [RunShareService] })
class Share {}

const canaries = {
  email: 'canary.one@example.com',
  card: '4242424242424242',
  ill: 'Canary sniffles',
  name: 'Canary Doe',
};
const page = Buffer.from('<script>alert("canary of a file")</script>');
const document: Json = {
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' } },
  steps: [
    {
      id: 'paid',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { holds: { card: 'payment', ill: 'health' } },
    },
    {
      id: 'clean',
      kind: 'transform',
      input: { to: { $: 'trigger.body.email' }, run: { $: 'run.id' }, fixed: 'Said by the flow' },
    },
    {
      id: 'keep',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: { $: 'steps.clean.to' }, lifecyclestage: 'customer' },
    },
  ],
  edges: [
    { from: 'paid', to: 'clean' },
    { from: 'clean', to: 'keep' },
  ],
};

describe('run data', () => {
  let house: OpenFeatures;
  let runs: RunsService;
  let reveals: RevealService;
  let lena: Actor;
  let stranger: Actor;
  let run: string;
  let file: string;

  beforeAll(async () => {
    house = await openFeatures({ more: [Share] });
    [runs, reveals] = [house.get(RunsService), house.get(RevealService)];
    ({ lena } = await house.aWorkspace({ lena: ['owner'] }));
    ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
    run = await aRun('dev');
  });
  afterAll(() => house.close());

  /** A run as the engine stores one. */
  async function aRun(environment: string): Promise<string> {
    const { id: flow } = await house.get(FlowsService).create(lena, { name: 'Canaries', document });
    await house.get(VersionsService).publish(lena, flow, null);
    const id = newId('run');
    const { key, wrapped } = newRunKey(
      { payload: await house.keyring.keys(lena.workspace, environment, 'payload') },
      id,
    );
    const at = Date.now();
    const payload = (step: string, kind: PayloadKind, value: unknown, attempt = 0) =>
      sealJson(key, JSON.stringify(value), { run: id, step, attempt, kind, at, keepDays: 14 });
    const entry = (action: string, more: object = {}) => ({
      workspace: lena.workspace,
      actor: { kind: 'run' as const, id },
      action,
      environment,
      run: id,
      ...more,
    });
    file = newFileId(id);
    const handle = { file, name: 'Canary Doe.html', type: 'text/html', bytes: page.length, sha256: 'a'.repeat(64) };
    const fileKey = newKey();
    const { blob, of } = placeOfFile(file, 14);
    await house.blobs.put(blob, sealFile(Readable.from([page]), { key: fileKey, of }));
    const message = `No such customer: ${canaries.email}, ${canaries.name}.`;
    await house.get(Journal).append({
      entries: [
        entry('run.started'),
        entry('step.succeeded', { step: 'clean', detail: { port: 'next' } }),
        entry('step.intent', { step: 'keep', attempt: 1, detail: { effect: 'natural' } }),
        entry('step.outcome', {
          step: 'keep',
          attempt: 1,
          detail: { status: 'failed', port: null, error: { code: 'x' } },
        }),
      ],
      run: {
        id,
        workspace: lena.workspace,
        flow,
        version: 1,
        environment,
        deployment: 'dep_1',
        event: null,
        startedBy: 'webhook',
        parent: null,
        depth: 0,
        retryOf: null,
        key: nameOfKey(await house.keyring.key(lena.workspace, '', 'idempotency'), canaries.name),
        inLine: false,
        origin: id,
        status: 'failed',
        owner: null,
        payloadKey: wrapped,
        error: { code: 'connector.rejected', message, step: 'keep' },
        startedAt: at,
        endedAt: at,
        dueAt: null,
        keepDays: 14,
      },
      payloads: [
        payload('paid', 'event', {
          body: { ...canaries, lines: [canaries.email], attached: handle },
          headers: {},
          query: {},
          id: 'msg_1',
        }),
        sealFileRow(key, { handle, key: fileKey }, { run: id, at, keepDays: 14 }),
        payload('', 'outputs', { clean: { to: canaries.email, run: id, fixed: 'Said by the flow' } }),
        payload('keep', 'input', { email: canaries.email, lifecyclestage: 'customer' }, 1),
        payload('keep', 'error', { code: 'connector.rejected', message }, 1),
      ],
    });
    return id;
  }

  it('is shown by stand-ins of its form, equal where the values are, and never as it is', async () => {
    const told = await runs.get(lena, run);
    const [paid, clean, keep] = told.steps;

    for (const canary of Object.values(canaries)) expect(JSON.stringify(told)).not.toContain(canary);
    expect(runsApi.get.reply.parse(told)).toBeTruthy();
    expect(paid?.output).toMatchObject({ id: 'msg_1', body: { card: '••••••••••••4242' } });
    expect(paid?.masked).toContainEqual({ field: 'output.body.ill', class: 'health' });
    expect(clean?.output).toEqual({
      to: expect.stringMatching(/^[a-z]{10}@masked\.invalid$/),
      run,
      fixed: 'Said by the flow',
    });
    expect(keep?.input).toEqual({ email: Object(clean?.output).to, lifecyclestage: 'customer' });
    expect(keep?.masked).toEqual([{ field: 'input.email', class: 'personal' }]);
    expect(keep?.error?.message).toMatch(/^No such customer: [a-z]{10}@masked\.invalid, [A-Z]/);
    expect(told.error?.message).toBe(keep?.error?.message);
  });

  describe('where its environment masks less', () => {
    const dev = async () => await house.get(EnvironmentsService).get(lena.workspace, 'dev');
    const mask = async (masked: ('personal' | 'payment' | 'health')[] | null) => {
      const { id, policy } = await dev();
      return await house.get(PoliciesService).set(lena, id, { ...policy, masked });
    };

    it('is shown as it is, but for what is still masked and for secrets, and the log says since when', async () => {
      await mask(['payment']);
      const told = await runs.get(lena, run);
      const [paid, , keep] = told.steps;
      expect(keep?.input).toEqual({ email: canaries.email, lifecyclestage: 'customer' });
      expect(keep?.masked).toEqual([]);
      expect(paid?.output).toMatchObject({
        body: { name: canaries.name, ill: canaries.ill, card: '••••••••••••4242' },
      });
      expect(told.error?.message).toContain(canaries.email);
      const { items } = await runs.list(lena.workspace, {}, { cursor: undefined, limit: 10 });
      expect(items.find(({ id }) => id === run)?.error?.message).toContain(canaries.email);
      const asked = { stepId: 'keep', field: 'input.email', reason: 'x' };
      await expect(reveals.reveal(lena, run, asked)).rejects.toMatchObject({ code: 'run.field_unknown' });
      const { rows } = await house.owner.query(
        `select body from audit_entry where subject = $1 and body like '%policy_changed%' order by block desc limit 1`,
        [(await dev()).id],
      );
      expect(JSON.parse(rows[0].body)).toMatchObject({
        actor: { id: lena.member },
        detail: { before: { production: false }, policy: { masked: ['payment'] } },
      });

      const { content } = await house.get(RunShareService).share(lena, run);
      for (const canary of Object.values(canaries)) expect(content).not.toContain(canary);
      await mask(null);
      expect(JSON.stringify(await runs.get(lena, run))).not.toContain(canaries.email);
    });

    it('is masked all the same in production, where nobody may ask for less', async () => {
      await mask(['payment']);
      const { id } = await dev();
      const policies = house.get(PoliciesService);
      const refused = { code: 'environment.production_masked' };
      await expect(policies.set(lena, id, { approval: false, production: true })).rejects.toMatchObject(refused);
      await expect(
        house
          .get(EnvironmentsService)
          .create(lena, { name: 'live', policy: { approval: true, production: true, masked: [] } }),
      ).rejects.toMatchObject(refused);
      // As if it had come in some other way.
      await house.owner.query(`update environment set policy = policy || '{"production":true}' where id = $1`, [id]);
      expect(JSON.stringify(await runs.get(lena, run))).not.toContain(canaries.email);
      await house.owner.query(`update environment set policy = policy || '{"production":false}' where id = $1`, [id]);
      await mask(null);
    });
  });

  it('names the files that came in, and not what they are called', async () => {
    const { steps } = await runs.get(lena, run);

    expect(steps[0]?.output).toMatchObject({
      body: { attached: { file, type: 'text/html', bytes: page.length, name: expect.not.stringMatching(/Canary/) } },
    });
  });

  it('F15: gives a file away as bytes to be saved, after the log knows who took it and why', async () => {
    const asked = { id: run, file, reason: 'What was attached?' };
    const files = house.get(FilesService);
    const { handle, content } = await files.download(lena, asked);
    const { rows } = await house.owner.query(
      `select body from audit_entry where run_id = $1 and body like '%run.file_downloaded%'`,
      [run],
    );

    expect((await buffer(content)).equals(page)).toBe(true);
    expect(handle.name).toBe('Canary Doe.html');
    expect(rows.map(({ body }) => JSON.parse(body))).toMatchObject([
      { actor: { id: lena.member }, detail: { file, bytes: page.length, reason: 'What was attached?' } },
    ]);
    expect(rows[0].body).not.toContain('Canary');
    await expect(files.download(stranger, asked)).rejects.toMatchObject({ code: 'run.unknown' });
    await expect(files.download({ ...lena, roles: ['viewer'] }, asked)).rejects.toMatchObject({ status: 403 });
    await expect(files.download(lena, { ...asked, file: newFileId(run) })).rejects.toMatchObject({
      code: 'file.unknown',
    });
    expect(runsApi.download).toMatchObject({ access: 'runs.reveal', stepUp: true, isKeptNowhere: true });
  });

  it('has other stand-ins in another environment', async () => {
    const mine = file;
    const there = await runs.get(lena, await aRun('production'));
    file = mine;
    const here = await runs.get(lena, run);

    expect(there.steps[2]?.input).not.toEqual(here.steps[2]?.input);
  });

  it('quotes nobody in what left the building', async () => {
    const told = await runs.calls(lena.workspace, run, { cursor: undefined, limit: 50 });

    expect(JSON.stringify(told)).not.toContain(canaries.email);
  });

  it('quotes nobody in the list of runs', async () => {
    const { items } = await runs.list(lena.workspace, {}, { cursor: undefined, limit: 10 });

    expect(items.length).toBeGreaterThan(0);
    expect(JSON.stringify(items)).not.toContain(canaries.email);
  });

  it('is found by its business key, exactly, and by nobody elsewhere', async () => {
    const find = async ({ workspace }: Actor, key: string) =>
      (await runs.list(workspace, { key }, { cursor: undefined, limit: 10 })).items.map(({ id }) => id);
    expect(await find(lena, canaries.name)).toContain(run);
    expect(await find(lena, canaries.name.slice(0, -1))).toEqual([]);
    expect(await find(stranger, canaries.name)).toEqual([]);
  });

  it('is told of by the entries of a step, without what they hold', async () => {
    const ask = async ({ workspace }: Actor) =>
      await runs.stepEntries(workspace, { id: run, stepId: 'keep' }, { cursor: undefined, limit: 10 });
    const { items, next } = await ask(lena);
    expect(items.map(({ action, attempt }) => `${action} ${attempt}`)).toEqual(['step.intent 1', 'step.outcome 1']);
    expect(next).toBeNull();
    await expect(ask(stranger)).rejects.toMatchObject({ code: 'run.unknown' });
  });

  it('is given one field at a time, after the log knows who asked and why', async () => {
    const asked = { stepId: 'keep', field: 'input.email', reason: 'Order 12 is asked for' };
    const { value, class: held, until } = await reveals.reveal(lena, run, asked);
    const { rows } = await house.owner.query(
      `select body from audit_entry where run_id = $1 and body like '%run.field_revealed%'`,
      [run],
    );

    expect([value, held]).toEqual([canaries.email, 'personal']);
    expect(Date.parse(until)).toBeLessThanOrEqual(house.clock.now() + 60_000);
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0].body)).toMatchObject({
      actor: { id: lena.member },
      action: 'run.field_revealed',
      environment: 'dev',
      detail: { step: 'keep', field: 'input.email', class: 'personal', reason: 'Order 12 is asked for' },
    });
    expect(rows[0].body).not.toContain(canaries.email);
    expect((await reveals.reveal(lena, run, { ...asked, stepId: 'paid', field: 'output.body.lines.0' })).value).toBe(
      canaries.email,
    );
    expect(runsApi.reveal).toMatchObject({ access: 'runs.reveal', stepUp: true, isKeptNowhere: true });
  });

  it('tells whoever reads the log who saw one field of it, by member and by name of the field', async () => {
    const otto = { ...lena, member: 'mbr_otto', name: 'otto' };
    const fields = async (filter: object) => {
      const asked = { action: 'run.field_revealed', run, ...filter };
      const { items } = await house.get(AuditService).list(lena, asked, { cursor: undefined, limit: 50 });
      return items.map(({ actor, detail }) => `${actor.name}: ${String(detail?.['field'])}`).toSorted();
    };
    const before = await fields({ q: 'output.body.card' });
    await reveals.reveal(otto, run, { stepId: 'paid', field: 'output.body.card', reason: 'A refund' });
    expect(before).toEqual([]);
    expect(await fields({ q: 'output.body.card' })).toEqual(['otto: output.body.card']);
    expect(await fields({ actor: otto.member })).toEqual(['otto: output.body.card']);
    expect(await fields({ q: 'input.email' })).not.toContain('otto: output.body.card');
  });

  it('is given to nobody while the log can not be written', async () => {
    await house.owner.query('alter table audit_block rename to audit_block_away');
    const asked = reveals.reveal(lena, run, { stepId: 'keep', field: 'input.email', reason: 'Because' });
    await expect(asked).rejects.toMatchObject({
      code: 'audit.unwritable',
      message: expect.not.stringContaining('canary'),
    });
    await house.owner.query('alter table audit_block_away rename to audit_block');
  });

  it('leaves with no export', async () => {
    const out = new PassThrough();
    const told = text(out);
    await house.get(AuditService).export(lena, out);
    out.end();
    const lines = await told;

    expect(lines).toContain(run);
    for (const canary of Object.values(canaries)) expect(lines).not.toContain(canary);
  });

  it('leaves with no shared run, which an outsider verifies with the verifier alone', async () => {
    const { content } = await house.get(RunShareService).share(lena, run);
    for (const canary of Object.values(canaries)) expect(content).not.toContain(canary);
    const { key } = await house.get(CheckpointService).newest(undefined);
    const { check } = await outsider();

    const good = await check(content, ['--key', key]);
    expect(good.said).toContain(`of run ${run}`);
    expect(good.said).toContain('shown to lena');
    expect(good.code).toBe(0);
    const others = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect((await check(content, ['--key', others])).code).toBe(1);
    expect(await check(content.replace('"pos":1', '"pos":2'), [])).toMatchObject({ code: 1 });
    const shown = await check(content.replace('"status":"failed"', '"status":"succeeded"'), []);
    expect(shown).toMatchObject({ code: 1, said: expect.stringContaining('something else was shared') });
  });

  it('is proven still once a person’s data was erased, in files that were shared before and after', async () => {
    const { key } = await house.get(CheckpointService).newest(undefined);
    const erased = await aRun('dev');
    const before = await house.get(RunShareService).share(lena, erased);
    await house.owner.query('delete from payload where run_id = $1', [erased]);
    const after = await house.get(RunShareService).share(lena, erased);
    expect(before.content).toContain('"masked":[{');
    expect(after.content).not.toContain('"masked":[{');
    const { check } = await outsider();
    for (const { content } of [before, after]) expect(await check(content, ['--key', key])).toMatchObject({ code: 0 });
    const out = new PassThrough();
    const told = text(out);
    await house.get(AuditService).export(lena, out);
    out.end();
    expect(await check(await told, ['--key', key])).toMatchObject({ code: 0 });
  });

  it('is shared by two at once, each with a file that holds', async () => {
    const { key } = await house.get(CheckpointService).newest(undefined);
    const both = [lena, { ...lena, name: 'otto', requestId: 'req_2' }];
    const files = await Promise.all(both.map((actor) => house.get(RunShareService).share(actor, run)));
    const { check } = await outsider();
    for (const { content } of files) expect(await check(content, ['--key', key])).toMatchObject({ code: 0 });
  });

  it('is not shared once the log says too much of it for one file', async () => {
    const long = await aRun('dev');
    const entry = {
      workspace: lena.workspace,
      actor: { kind: 'run', id: long } as const,
      action: 'step.intent',
      run: long,
    };
    for (let n = 0; n < 5; n += 1)
      await house.get(Journal).append({ entries: Array.from({ length: 1000 }, () => entry) });
    await expect(house.get(RunShareService).share(lena, long)).rejects.toMatchObject({ code: 'run.too_long_to_share' });
  });

  it('of another workspace is not shared', async () => {
    await expect(house.get(RunShareService).share(stranger, run)).rejects.toMatchObject({ code: 'run.unknown' });
  });

  it.each([
    ['keep', 'input'],
    ['keep', 'input.lifecyclestage'],
    ['keep', 'output.id'],
    ['clean', 'output.fixed'],
    ['paid', 'output.body'],
    ['gone', 'input.email'],
    ['keep[3]', 'input.email'],
  ])('has no masked field %s %s to ask for', async (stepId, field) => {
    await expect(reveals.reveal(lena, run, { stepId, field, reason: 'x' })).rejects.toMatchObject({
      code: 'run.field_unknown',
    });
  });

  it('is not given to somebody whose roles hold in another environment only', async () => {
    const asked = { stepId: 'keep', field: 'input.email', reason: 'x' };
    const elsewhere: Actor = { ...lena, roles: ['viewer'], environmentRoles: { staging: ['operator'] } };
    await expect(reveals.reveal(elsewhere, run, asked)).rejects.toMatchObject({ code: 'access.denied' });
    const here: Actor = { ...lena, roles: ['viewer'], environmentRoles: { dev: ['operator'] } };
    expect((await reveals.reveal(here, run, asked)).value).toBe(canaries.email);
  });

  it('F11: is unknown to another workspace', async () => {
    const asked = { stepId: 'keep', field: 'input.email', reason: 'x' };
    await expect(reveals.reveal(stranger, run, asked)).rejects.toMatchObject({ code: 'run.unknown' });
  });
});
