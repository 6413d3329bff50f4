import { expect, test } from 'vitest';
import { type AuditEntryBody, auditEntryBodySchema } from './entry.js';

const whole: AuditEntryBody = {
  id: 'ent_01jd3k4m5n6p',
  at: '2026-11-22T10:11:12.123Z',
  workspace: 'wsp_01jd3k4m5n6p',
  actor: { kind: 'token', id: 'tok_1', name: 'Nightly export' },
  action: 'request.refused',
  subject: { kind: 'connection', id: 'con_1' },
  environment: 'production',
  run: 'run_1',
  step: 'send_mail',
  attempt: 2,
  requestId: 'req_1',
  detail: { scopes: ['mail.send'], bytes: 12, nested: { host: null } },
};

test('an entry body may say all of this, or only who did what and when', () => {
  const { id, at, workspace, actor, action } = whole;
  expect(auditEntryBodySchema.parse(whole)).toEqual(whole);
  expect(auditEntryBodySchema.safeParse({ id, at, workspace, actor, action }).success).toBe(true);
});

test('an entry body that a later version wrote is still an entry body', () => {
  expect(auditEntryBodySchema.safeParse({ ...whole, onBehalfOf: 'mbr_2' }).success).toBe(true);
});

test.each([
  ['at', '2026-11-22T10:11:12Z'],
  ['at', '2026-11-22T10:11:12.123+01:00'],
  ['action', 'refused'],
  ['action', 'Request.Refused'],
  ['actor', { kind: 'ghost', id: 'x' }],
  ['workspace', ''],
  ['attempt', 1.5],
  ['detail', ['not', 'an', 'object']],
])('an entry body with %s %j is refused', (key, value) => {
  expect(auditEntryBodySchema.safeParse({ ...whole, [key]: value }).success).toBe(false);
});
