import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { flowsApi } from '@sluice/shared/api';
import { lastValueFrom, of, throwError } from 'rxjs';
import { expect, it, vi } from 'vitest';
import { contractKey } from '../../platform/http/route.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyRepository } from './idempotency.repository.js';

/** A write with a key whose answer can't be kept: the key service is away. */
function aWrite() {
  const keys = Object.create(IdempotencyRepository.prototype);
  Object.assign(keys, { claim: async () => true, release: vi.fn<() => Promise<void>>(async () => undefined) });
  const keyring = Object.create(Keyring.prototype);
  keyring.keys = () => Promise.reject(new Error('away'));
  const handler = () => undefined;
  Reflect.defineMetadata(contractKey, flowsApi.create, handler);
  const req = { get: () => 'key-1', actor: { workspace: 'wsp_1', member: 'mbr_1' }, originalUrl: '/flows', body: {} };
  const context = new ExecutionContextHost([req, { statusCode: 201 }], class {}, handler);
  return { keys, context, interceptor: new IdempotencyInterceptor(keys, keyring) };
}

it('keeps the key of a write that was committed, even when its answer can not be kept', async () => {
  const { keys, context, interceptor } = aWrite();

  await expect(lastValueFrom(await interceptor.intercept(context, { handle: () => of({}) }))).rejects.toThrow('away');

  expect(keys.release).not.toHaveBeenCalled();
});

it('frees the key of a write that was refused', async () => {
  const { keys, context, interceptor } = aWrite();
  const refused = throwError(() => new Error('refused'));

  await expect(lastValueFrom(await interceptor.intercept(context, { handle: () => refused }))).rejects.toThrow(
    'refused',
  );

  expect(keys.release).toHaveBeenCalledOnce();
});
