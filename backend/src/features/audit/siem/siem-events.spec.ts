import type { AuditEntryBody } from '@sluice/shared/audit';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { productVersion } from '../../../platform/product-version.js';
import { cefEvent } from './cef.js';
import { cefCheckpoint, ecsCheckpoint, ocsfCheckpoint } from './checkpoint-event.js';
import { ecsEvent } from './ecs.js';
import type { LogEvent } from './log-event.js';
import { ocsfEvent } from './ocsf.js';
import { syslogMessage } from './syslog.js';

const product = { version: productVersion, origin: 'flows.example.com' };

function anEvent(action: string, more: Partial<AuditEntryBody> = {}): LogEvent {
  const entry: AuditEntryBody = {
    id: 'ent_1',
    at: '2026-11-22T10:11:12.123Z',
    workspace: 'wsp_1',
    actor: { kind: 'member', id: 'mbr_1', name: 'Ada | "=\\' },
    action,
    ...more,
  };
  return { entry, leaf: 7, lane: '0', block: 5, position: 2 };
}

const subject = { kind: 'connection', id: 'con_1' };
const actions = [
  'auth.signed_in',
  'auth.signed_out',
  'auth.password_changed',
  'grant.revealed',
  'request.refused',
  'connection.created',
  'connection.version_destroyed',
  'member.roles_changed',
  'run.started',
  'step.intent',
  'step.in_doubt',
  'run.field_revealed',
  'audit.exported',
  'audit.seal_stopped',
  'egress.refusal_series',
  'log.dropped',
];

/** What schema.ocsf.io 1.9 asks for: of each class beside what is asked of all, and of the objects in them. */
const required: Record<number, string[]> = {
  3002: ['user'],
  3004: ['entity'],
  6003: ['actor', 'api', 'src_endpoint'],
  2004: ['finding_info'],
};
const inObjects: Record<string, string[]> = {
  metadata: ['version', 'product'],
  api: ['operation'],
  finding_info: ['uid', 'title'],
};

describe('OCSF', () => {
  it.each(actions)('%s has what its class asks for', (action) => {
    const event = ocsfEvent(anEvent(action, { subject }), product);
    const { class_uid: uid, activity_id: activity } = event;
    const common = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];
    for (const name of [...common, ...(required[Number(uid)] ?? ['a known class'])]) expect(event).toHaveProperty(name);
    for (const [name, members] of Object.entries(inObjects))
      for (const member of event[name] === undefined ? [] : members) expect(event[name]).toHaveProperty(member);
    expect(event['type_uid']).toBe(Number(uid) * 100 + Number(activity));
    expect(event['category_uid']).toBe(Math.floor(Number(uid) / 1000));
    expect(event['time']).toBe(1795342272123);
    expect(event).toMatchObject({ metadata: { version: '1.9.0', uid: '0/5/2', product: { name: 'Sluice' } } });
    // A constraint of Authentication: at least one of service and dst_endpoint.
    if (uid === 3002) expect(event).toHaveProperty('service');
  });

  it('tells sign-in, changes, deletions, reads and alarms apart', () => {
    const kinds = [
      'auth.signed_in',
      'connection.created',
      'connection.removed',
      'run.field_revealed',
      'audit.seal_stopped',
    ];
    expect(kinds.map((action) => ocsfEvent(anEvent(action, { subject }), product)['type_uid'])).toEqual([
      300201, 300401, 300404, 600302, 200401,
    ]);
  });
});

describe('ECS', () => {
  it.each(actions)('%s has what it asks for, with a category and a type that it allows', (action) => {
    const event = ecsEvent(anEvent(action, { subject }), product);
    expect(event).toMatchObject({
      '@timestamp': '2026-11-22T10:11:12.123Z',
      ecs: { version: '9.0.0' },
      event: { id: '0/5/2', action, provider: 'sluice', dataset: 'sluice.audit' },
      user: { id: 'mbr_1' },
    });
    // What https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category expects beside each.
    const allowed: Record<string, string[]> = {
      authentication: ['start', 'end', 'info'],
      iam: ['admin', 'change', 'creation', 'deletion', 'group', 'info', 'user'],
      api: ['access', 'admin', 'allowed', 'change', 'creation', 'deletion', 'denied', 'end', 'info', 'start', 'user'],
      configuration: ['access', 'change', 'creation', 'deletion', 'info'],
    };
    const { category, type, kind, outcome } = Object(event['event']);
    expect(allowed[category[0]]).toContain(type[0]);
    expect(['event', 'alert']).toContain(kind);
    expect(['success', 'failure']).toContain(outcome);
  });
});

describe('CEF', () => {
  it.each(actions)('%s is one line of seven fields and pairs', (action) => {
    const line = cefEvent(anEvent(action, { subject, detail: { why: 'a=b\nc|d' } }), product);
    expect(line).not.toMatch(/[\r\n]/);
    const [version, vendor, , , signature, , severity] = line.split(/(?<!\\)\|/);
    expect([version, vendor, signature]).toEqual(['CEF:0', 'Sluice', action]);
    expect(Number(severity)).toBeLessThanOrEqual(10);
  });

  it('escapes what would end a field or a value', () => {
    const line = cefEvent(anEvent('connection.created', { detail: { why: 'a=b' } }), product);
    expect(line).toContain('|Ada \\| "=\\\\: connection.created|');
    expect(line).toContain('suser=Ada | "\\=\\\\');
    expect(line).toContain('msg={"why":"a\\=b"}');
  });
});

it('a checkpoint is a record of its own in each form, with its signed note', () => {
  const note = 'flows.example.com/audit\n7\ncm9vdA==\n\n— flows.example.com/audit c2ln\n';
  const event = { size: 7, at: new Date('2026-11-22T10:11:12.123Z'), note };
  expect(ocsfCheckpoint(event, product)).toMatchObject({
    type_uid: 300401,
    entity: { type: 'checkpoint' },
    unmapped: { checkpoint: note },
  });
  expect(ecsCheckpoint(event, product)).toMatchObject({
    event: { id: 'checkpoint/7', dataset: 'sluice.checkpoint', original: note },
  });
  const line = cefCheckpoint(event, product);
  expect(line).not.toContain('\n');
  expect(line).toContain('|log.checkpoint|');
  expect(line).toContain('msg=flows.example.com/audit\\n7\\ncm9vdA\\=\\=\\n');
  expect(syslogMessage(event, '', 'h')).toContain('<110>1 2026-11-22T10:11:12.123Z h');
});

it('a syslog message says the audit facility, the time and the house', () => {
  expect(syslogMessage(anEvent('audit.seal_stopped'), '{}', 'flows.example.com')).toBe(
    '<105>1 2026-11-22T10:11:12.123Z flows.example.com sluice - audit - \ufeff{}',
  );
});

it('the version is that of the packages', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));
  expect(productVersion).toBe(manifest.version);
});
