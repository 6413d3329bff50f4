import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { AppRouter } from './routes.js';
import { cssVariablesResolver, theme } from './ui/theme.js';

/** `test`: without a layout; nothing fades in, and what opens beside an element is not hidden for having no place. */
export function App(props: { queryClient: QueryClient; router: AppRouter; env?: 'default' | 'test' }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      env={props.env ?? 'default'}
    >
      <QueryClientProvider client={props.queryClient}>
        <Notifications position="bottom-right" />
        <RouterProvider router={props.router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
