import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenFeatures, openFeatures } from '../../../../test/open-features.js';
import { outsider } from '../../../../test/outsider.js';
import { Journal } from '../../../journal/journal.js';
import type { Actor } from '../../../platform/actor.js';
import { AuditModule } from '../audit.module.js';
import { AuditService } from '../audit.service.js';
import { CheckpointService } from '../seal/checkpoint.service.js';
import { EntryShareService } from './entry-share.service.js';

let house: OpenFeatures;
let lena: Actor;
let stranger: Actor;

beforeAll(async () => {
  house = await openFeatures({ more: [AuditModule] });
  ({ lena } = await house.aWorkspace({ lena: ['owner'] }));
  ({ stranger } = await house.aWorkspace({ stranger: ['owner'] }));
});
afterAll(() => house.close());

const prove = (actor: Actor, id: string) => house.get(EntryShareService).prove(actor, id);

/** The last of three entries of one block, of which the second is another workspace's. */
async function anEntry(): Promise<string> {
  const actor = { kind: 'system', id: 'test' } as const;
  const entry = (workspace: string, n: number) => ({ workspace, actor, action: `test.happened_${n}` });
  await house
    .get(Journal)
    .append({ entries: [entry(lena.workspace, 1), entry(stranger.workspace, 2), entry(lena.workspace, 3)] });
  const { items } = await house
    .get(AuditService)
    .list(lena, { action: 'test.happened_3' }, { cursor: undefined, limit: 1 });
  return items[0]?.id ?? '';
}

it('is proven alone: an outsider follows it to the checkpoint that the log’s key signed', async () => {
  const id = await anEntry();
  const { block, position, checkpoint, witness, file } = await prove(lena, id);
  expect({ position, count: block.count, witness }).toEqual({ position: 2, count: 3, witness: null });
  expect(checkpoint.size).toBeGreaterThan(block.index);
  expect(file).toMatchObject({ name: `sluice-${id}.json`, content: expect.not.stringContaining('happened_1') });

  const { key } = await house.get(CheckpointService).newest(undefined);
  const { check } = await outsider();
  const good = await check(file.content, ['--key', key]);
  expect(good.said).toContain(`holds block ${block.n} of lane ${block.lane}, and that holds this as its entry 2`);
  expect(good.said).toContain(`test (system), test.happened_3`);
  expect(good.code).toBe(0);

  const others = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  expect(await check(file.content, ['--key', others])).toMatchObject({ code: 1 });
  for (const [part, forged] of [
    ['happened_3', 'happened_4'],
    ['"pos":2', '"pos":0'],
    [`"entry":"${id}"`, `"entry":"${id.slice(0, -1)}x"`],
    [`"index":${block.index}`, `"index":${block.index + 1}`],
    ['sluice.entry/1', 'sluice.entry/2'],
  ] as const) {
    expect(file.content).toContain(part);
    expect(await check(file.content.replace(part, forged), ['--key', key])).toMatchObject({
      code: 1,
      said: expect.stringContaining('NOT VERIFIED'),
    });
  }
});

it('leaves an entry that says who had it proven', async () => {
  const id = await anEntry();
  await prove(lena, id);
  const { items } = await house
    .get(AuditService)
    .list(lena, { action: 'audit.proven' }, { cursor: undefined, limit: 1 });
  expect(items[0]).toMatchObject({ actor: { id: lena.member }, subject: { kind: 'entry', id } });
});

it('is not there for another workspace, nor where the log has none of that id', async () => {
  const id = await anEntry();
  await expect(prove(stranger, id)).rejects.toMatchObject({ code: 'entry.unknown' });
  await expect(prove(lena, `ent_${'0'.repeat(36)}`)).rejects.toMatchObject({ code: 'entry.unknown' });
});
