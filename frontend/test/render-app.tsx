import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import axe from 'axe-core';
import { vi } from 'vitest';
import { App } from '../src/App.js';
import { createQueryClient } from '../src/api/query-client.js';
import { createAppRouter } from '../src/routes.js';
import { aConnection, aConnectionDetail, aConnector, aMe, aMember, someEnvironments, someCounts } from './factories.js';
import { aPage, FakeEventSource, fakeApi, type Handlers } from './fake-api.js';

/** What every signed-in screen asks for; a test names what it is about. */
const everywhere: Handlers = {
  'GET /auth/me': aMe(),
  'GET /auth/status': { needsSetup: false },
  'GET /audit/status': { state: 'verified', checkedAt: '2026-11-20T13:32:00.000Z', entries: 2418906, failedAt: null },
  'GET /environments': aPage(someEnvironments()),
  'GET /members': aPage([aMember()]),
  'GET /connectors': aPage([aConnector()]),
  'GET /connections': aPage([aConnection()]),
  'GET /connections/con_1': aConnectionDetail(),
  'GET /flows': aPage([]),
  'PUT /flows/flw_1/presence': { others: [] },
  'GET /grants': aPage([]),
  'GET /kill-switches': aPage([]),
  'GET /keys': {
    root: {
      name: 'the file root.key',
      fingerprint: '0123456789abcdef',
      version: '1',
      health: { ok: true, milliseconds: 0 },
      keys: 0,
      keysUnderOlder: 0,
    },
    log: { key: 'flows.example.com/audit+0a1b2c3d+AQID', since: null, rotations: 0 },
    items: [],
  },
  'GET /runs': aPage([]),
  'GET /run-counts': someCounts(),
  'GET /dead-letters': { open: 0, mine: 0, isMore: false },
  'GET /views': { items: [] },
  'GET /decisions': aPage([]),
  'GET /notices': { ...aPage([]), unread: 0 },
  'GET /notices/preferences': { kinds: [], mail: true, undelivered: 0 },
  'GET /notices/deliveries': aPage([]),
  'GET /notices/webhook': { webhook: null },
  'GET /storage': { used: 0, quota: 10 * 1024 ** 3, state: 'ok', kept: [], log: 0 },
  'GET /runs/run_1/calls': { ...aPage([]), total: 0, hosts: 0 },
};

/** The whole app at an address, against a fake server. */
export function renderApp(path: string, handlers: Handlers = {}) {
  const api = fakeApi({ ...everywhere, ...handlers });
  FakeEventSource.open = [];
  vi.stubGlobal('EventSource', FakeEventSource);
  const queryClient = createQueryClient();
  const router = createAppRouter({ queryClient, history: createMemoryHistory({ initialEntries: [path] }) });
  const view = render(<App queryClient={queryClient} router={router} env="test" />);
  return { ...view, api, router, user: userEvent.setup() };
}

/** Breaches of accessibility as `rule: elements`. Contrast needs a real browser; the tokens have a test of their own. */
export async function breaches(node: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(node, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
