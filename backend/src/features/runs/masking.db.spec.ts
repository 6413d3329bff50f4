import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Json } from '@sluice/shared/lib';
import { runsApi } from '@sluice/shared/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { newRunKey, sealJson } from '../../engine/run-keys.js';
import { Journal } from '../../journal/journal.js';
import type { PayloadKind } from '../../journal/records.js';
import type { Actor } from '../../platform/actor.js';
import { newId } from '../../platform/ids.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuditService } from '../audit/audit.service.js';
import { FlowsModule } from '../flows/flows.module.js';
import { FlowsService } from '../flows/flows.service.js';
import { VersionsService } from '../flows/versions.service.js';
import { AsksRepository } from './asks.repository.js';
import { DecisionsService } from './decisions.service.js';
import { RevealService } from './reveal.service.js';
import { RunEntity } from './run.entity.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([RunEntity]), FlowsModule],
  providers: [RunsRepository, AsksRepository, RunsService, DecisionsService, RevealService],
})
class Runs {}

const canaries = {
  email: 'canary.one@example.com',
  card: '4242424242424242',
  ill: 'Canary sniffles',
  name: 'Canary Doe',
};
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

  beforeAll(async () => {
    house = await openFeatures({ more: [Runs, AuditModule] });
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
          body: { ...canaries, lines: [canaries.email] },
          headers: {},
          query: {},
          id: 'msg_1',
        }),
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

  it('has other stand-ins in another environment', async () => {
    const there = await runs.get(lena, await aRun('production'));
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
