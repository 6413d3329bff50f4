import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { AppRouter } from './routes.js';
import { cssVariablesResolver, theme } from './ui/theme.js';

export function App(props: { queryClient: QueryClient; router: AppRouter }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={props.queryClient}>
        <Notifications position="bottom-right" />
        <RouterProvider router={props.router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
