import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { aMe } from '../../../test/factories.js';
import { fakeApi, type Handlers } from '../../../test/fake-api.js';
import { createQueryClient } from '../../api/query-client.js';
import { meQuery } from '../../api/queries.js';
import { FlowIdProvider } from '../store/flow-id.js';
import { RotateDialog } from './RotateDialog.js';

const endpoint = {
  id: 'end_1',
  environment: 'dev',
  path: '/hooks/end_1',
  url: 'https://sluice.example.com/hooks/end_1',
  scheme: 'standard-webhooks',
  step: 'paid',
} as const;
const route = 'POST /flows/flw_1/endpoints/end_1/rotate';

function open(reply: Handlers[string]) {
  const me = aMe({ steppedUpUntil: '2999-01-01T00:00:00.000Z' });
  const api = fakeApi({ 'GET /me': me, [route]: reply });
  const client = createQueryClient();
  client.setQueryData(meQuery().queryKey, me);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <FlowIdProvider value="flw_1">
          <RotateDialog endpoint={endpoint} onClose={() => undefined} />
        </FlowIdProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { api, user: userEvent.setup() };
}

describe('rotating what signs deliveries', { timeout: 20_000 }, () => {
  it('shows a secret that was made, once', async () => {
    const { api, user } = open({ ...endpoint, secret: 'whsec_made' });

    await user.click(await screen.findByRole('button', { name: 'Rotate the secret' }));
    expect(await screen.findByText('whsec_made')).toBeTruthy();
    expect(api.last(route).body).toEqual({});
  });

  it.each([
    ['public key, by its mark', 'whpk_abc', endpoint, { publicKey: 'whpk_abc' }],
    ['secret', 'kept by the sender', { ...endpoint, secret: 'kept by the sender' }, { secret: 'kept by the sender' }],
  ])('takes the sender’s own %s, and does not show it again', async (_what, own, reply, body) => {
    const { api, user } = open(reply);

    await user.type(await screen.findByLabelText(/own secret or public key/), own);
    await user.click(screen.getByRole('button', { name: 'Rotate the secret' }));
    expect(await screen.findByText(/own is in force/)).toBeTruthy();
    expect(api.last(route).body).toEqual(body);
    expect(screen.queryByText(own)).toBeNull();
  });

  it('says what is wrong with a key that is refused', async () => {
    const issues = [{ path: 'publicKey', message: 'whpk_ and 32 bytes are needed.' }];
    const body = { code: 'request.invalid', message: 'Wrong.', requestId: 'req_7fA2', issues };
    const { user } = open(() => ({ status: 400, body }));

    await user.type(await screen.findByLabelText(/own secret or public key/), 'whpk_x');
    await user.click(screen.getByRole('button', { name: 'Rotate the secret' }));
    expect(await screen.findByText('whpk_ and 32 bytes are needed.')).toBeTruthy();
  });
});
