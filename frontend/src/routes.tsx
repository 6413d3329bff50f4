import { runStatuses } from '@sluice/shared/api';
import { categories } from '@sluice/shared/connector';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router';
import { z } from 'zod';
import { meQuery } from './api/queries.js';
import { FlowsPage } from './pages/flows/FlowsPage.js';
import { NotFoundPage } from './pages/shell/NotFoundPage.js';
import { ProblemPage } from './pages/shell/ProblemPage.js';
import { Shell } from './pages/shell/Shell.js';
import { LoginPage } from './pages/sign-in/LoginPage.js';
import { LoadingPage } from './ui/Loading.js';

/** A search param that is dropped, not refused, when an old link carries nonsense. */
const word = z.string().min(1).optional().catch(undefined);

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: z.object({ token: word }),
  component: lazyRouteComponent(() => import('./pages/sign-in/SetupPage.js'), 'SetupPage'),
});
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: z.object({ next: word }),
  component: LoginPage,
});

/** Everything below needs a session; who has none goes to sign in and comes back. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery());
    } catch (thrown) {
      const isSignedOut = thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('auth.');
      if (!isSignedOut) throw thrown;
      throw redirect({ to: '/login', search: location.pathname === '/' ? {} : { next: location.href } });
    }
  },
});
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});
const flows = createRoute({
  getParentRoute: () => inside,
  path: '/flows',
  validateSearch: z.object({ q: word, environment: word, state: word }),
  component: FlowsPage,
});
const flow = createRoute({
  getParentRoute: () => inside,
  path: '/flows/$flowId',
  component: lazyRouteComponent(() => import('./pages/flows/EditorPage.js'), 'EditorPage'),
});
const connections = createRoute({
  getParentRoute: () => inside,
  path: '/connections',
  validateSearch: z.object({ q: word, connector: word, environment: word, health: word, open: word, add: word }),
  component: lazyRouteComponent(() => import('./pages/connections/ConnectionsPage.js'), 'ConnectionsPage'),
});
const returned = createRoute({
  getParentRoute: () => inside,
  path: '/oauth/callback',
  component: lazyRouteComponent(() => import('./pages/connections/ReturnPage.js'), 'ReturnPage'),
});
const connectors = createRoute({
  getParentRoute: () => inside,
  path: '/connectors',
  validateSearch: z.object({ q: word, open: word, category: z.enum(categories).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/connectors/ConnectorsPage.js'), 'ConnectorsPage'),
});
const runs = createRoute({
  getParentRoute: () => inside,
  path: '/runs',
  validateSearch: z.object({
    q: word,
    flow: word,
    environment: word,
    status: z.enum(runStatuses).optional().catch(undefined),
    connector: word,
    error: word,
    key: word,
    since: z.enum(['90m', '24h', '7d']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/runs/RunsPage.js'), 'RunsPage'),
});
const deadLetters = createRoute({
  getParentRoute: () => inside,
  path: '/dead-letters',
  validateSearch: z.object({
    owner: word,
    flow: word,
    environment: word,
    error: word,
    key: word,
    show: z.enum(['closed']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/dead-letters/DeadLettersPage.js'), 'DeadLettersPage'),
});
const run = createRoute({
  getParentRoute: () => inside,
  path: '/runs/$runId',
  validateSearch: z.object({ step: word }),
  component: lazyRouteComponent(() => import('./pages/run/RunPage.js'), 'RunPage'),
});
const compare = createRoute({
  getParentRoute: () => inside,
  path: '/runs/$runId/compare',
  validateSearch: z.object({ with: word }),
  component: lazyRouteComponent(() => import('./pages/compare/ComparePage.js'), 'ComparePage'),
});
const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/inbox',
  validateSearch: z.object({
    status: z.enum(['accepted', 'duplicate', 'refused', 'ignored']).optional().catch(undefined),
    flow: word,
    environment: word,
    q: word,
    message: word,
    since: z.enum(['24h', '7d', '30d']).optional().catch(undefined),
    open: word,
  }),
  component: lazyRouteComponent(() => import('./pages/inbox/InboxPage.js'), 'InboxPage'),
});
const schedules = createRoute({
  getParentRoute: () => inside,
  path: '/schedules',
  validateSearch: z.object({ q: word, environment: word, open: word }),
  component: lazyRouteComponent(() => import('./pages/schedules/SchedulesPage.js'), 'SchedulesPage'),
});
const approvals = createRoute({
  getParentRoute: () => inside,
  path: '/approvals',
  validateSearch: z.object({
    q: word,
    environment: word,
    open: word,
    view: z.enum(['questions']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/approvals/ApprovalsPage.js'), 'ApprovalsPage'),
});
const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: z.object({
    q: word,
    actor: word,
    action: word,
    subject: word,
    run: word,
    environment: word,
    since: z.enum(['24h', '7d', '30d']).optional().catch(undefined),
    open: word,
  }),
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage.js'), 'AuditPage'),
});
const erasures = createRoute({
  getParentRoute: () => inside,
  path: '/audit/erasures',
  validateSearch: z.object({ open: word }),
  component: lazyRouteComponent(() => import('./pages/erasures/ErasuresPage.js'), 'ErasuresPage'),
});
const reviews = createRoute({
  getParentRoute: () => inside,
  path: '/reviews',
  validateSearch: z.object({ environment: word, view: z.enum(['access']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/reviews/ReviewsPage.js'), 'ReviewsPage'),
});
const incidents = createRoute({
  getParentRoute: () => inside,
  path: '/incidents',
  validateSearch: z.object({ stop: word }),
  component: lazyRouteComponent(() => import('./pages/incidents/IncidentsPage.js'), 'IncidentsPage'),
});
const notices = createRoute({
  getParentRoute: () => inside,
  path: '/notices',
  validateSearch: z.object({ show: z.enum(['unread']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/notices/NoticesPage.js'), 'NoticesPage'),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/AccountPage.js'), 'AccountPage'),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/SettingsPage.js'), 'SettingsPage'),
});

const routeTree = root.addChildren([
  setup,
  login,
  inside.addChildren([
    home,
    flows,
    flow,
    connections,
    returned,
    connectors,
    runs,
    run,
    compare,
    deadLetters,
    inbox,
    schedules,
    approvals,
    audit,
    erasures,
    reviews,
    incidents,
    notices,
    account,
    settings,
  ]),
]);

export function createAppRouter(options: { queryClient: QueryClient; history?: RouterHistory }) {
  return createRouter({
    routeTree,
    context: { queryClient: options.queryClient },
    defaultErrorComponent: ProblemPage,
    defaultNotFoundComponent: NotFoundPage,
    // A page's code is fetched when a pointer or the focus rests on its link, so that it is there at the click.
    defaultPreload: 'intent',
    // The page before stays until the next one is there, for a second at most.
    defaultPendingComponent: LoadingPage,
    scrollRestoration: false,
    ...(options.history && { history: options.history }),
  });
}
export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
