import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.js';

/** Repeats only what never reached the server or met it busy; a refusal is an answer. */
function isWorthRepeating(failures: number, thrown: Error): boolean {
  if (failures >= 2 || !(thrown instanceof ApiProblem)) return false;
  return thrown.code === 'network.unreachable' || thrown.code === 'server.busy';
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5000, retry: isWorthRepeating, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}
