import { type Contract, contracts } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleOf } from '../../src/platform/http/schema-example.js';

/** Columns that decide who may do what; a body that could name one of them would set it. */
const privileged = [
  'id',
  'workspaceId',
  'workspace_id',
  'ownerId',
  'owner_id',
  'isOwner',
  'admin',
  'permissions',
  'totpSecret',
  'totp_sealed',
  'secondFactor',
  'mfaEnforced',
  'ssoEnforced',
  'passwordHash',
  'password_hash',
  'disabledAt',
  'status',
  'createdBy',
  'created_at',
  'version',
  'hash',
  'sealed',
  'revokedAt',
  '__proto__',
  'constructor',
];

const writers = contracts.filter(({ body }) => body !== undefined);

function ownBody({ body, example }: Contract): unknown {
  return example?.body ?? exampleOf(z.toJSONSchema(body ?? z.unknown(), { io: 'input', unrepresentable: 'any' }));
}

describe('F12: a body sets nothing but what its endpoint is for', () => {
  it('control: each endpoint takes its own example', () => {
    expect(writers.length).toBeGreaterThan(20);
    for (const writer of writers)
      expect(writer.body?.safeParse(ownBody(writer)).success, `${writer.method} ${writer.path}`).toBe(true);
  });

  it.each(writers.map((writer) => [`${writer.method} ${writer.path}`, writer] as const))(
    '%s takes no field beside its own',
    (_name, writer) => {
      const own = ownBody(writer);
      for (const field of privileged) {
        if (typeof own !== 'object' || own === null || Object.hasOwn(own, field)) continue;
        // As JSON brings it: `__proto__` is a key there like any other.
        const padded: unknown = JSON.parse(JSON.stringify({ ...own, zz: true }).replace('"zz"', JSON.stringify(field)));
        const parsed = writer.body?.safeParse(padded);
        expect(parsed?.success === true && Object.hasOwn(Object(parsed.data), field), field).toBe(false);
      }
    },
  );
});
