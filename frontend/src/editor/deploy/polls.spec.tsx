import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { createQueryClient } from '../../api/query-client.js';
import { fakeApi } from '../../../test/fake-api.js';
import { FlowIdProvider } from '../store/flow-id.js';
import { Polls } from './Polls.js';

const route = 'GET /flows/flw_1/polls';
const at = '2026-11-27T07:00:00.000Z';
const quiet = { environment: 'dev', step: 'start', lookedAt: at, nextAt: at, trouble: null };

function show(answers: Parameters<typeof fakeApi>[0]): void {
  fakeApi(answers);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={createQueryClient()}>
        <FlowIdProvider value="flw_1">
          <Polls stepId="start" />
        </FlowIdProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

it('shows where this trigger looked, where it did not yet, and what fails since when', async () => {
  const trouble = { code: 'broker.no_grant', message: 'No grant allows it.', since: at, times: 3 };
  show({
    [route]: {
      items: [
        quiet,
        { ...quiet, environment: 'staging', lookedAt: null },
        { ...quiet, environment: 'production', trouble },
        { ...quiet, environment: 'other', step: 'another' },
      ],
      next: null,
    },
  });
  const part = await screen.findByRole('region', { name: 'Looks for news' });
  expect(await within(part).findByText('Has not looked yet')).toBeTruthy();
  expect(part.textContent).toMatch(/dev.*Looked .*, next .*staging.*Has not looked yet.*production/);
  expect(within(part).getByRole('status').textContent).toMatch(/^Failed 3 times since .*No grant allows it\.$/);
  expect(part.textContent).not.toContain('other');
});

it('says when it begins where nothing is deployed, and why where it can not be read', async () => {
  show({ [route]: { items: [], next: null } });
  expect(await screen.findByText(/begins to look when the flow is deployed/)).toBeTruthy();
  cleanup();
  show({});
  expect(await screen.findByText('Its looks could not be read')).toBeTruthy();
});
