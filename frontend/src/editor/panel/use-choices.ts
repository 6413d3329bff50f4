import { type Connection, connectionsApi } from '@sluice/shared/api';
import { type ChoicesFrom, fieldsBefore } from '@sluice/shared/connector';
import { isTemplate } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { connectionsQuery, environmentsQuery, meQuery } from '../../api/queries.js';
import { tryableOf } from '../trial/tryable.js';
import { useBindings } from './use-bindings.js';

/** Whose choices: a field of a form, and what the form says already. */
export interface ChoicesOf {
  connector: string;
  /** Of a trigger there may be none yet. */
  slot: string | null;
  form: { kind: 'action' | 'trigger'; id: string };
  given: Readonly<Record<string, Json>>;
}

const freshMs = 5 * 60_000;

/** What a service lists for a field, asked when it is opened; `reason` says why it can't be asked. */
export function useChoices(field: { name: string; from: ChoicesFrom }, of: ChoicesOf, isOpen: boolean) {
  const connection = useConnectionFor(of);
  const permissions = useQuery(meQuery()).data?.permissions ?? [];
  const before = fieldsBefore(field.from);
  const given = Object.fromEntries(
    before.flatMap((name): [string, string | number | boolean][] => {
      const value = of.given[name];
      return isWrittenOut(value) ? [[name, value]] : [];
    }),
  );
  const missing = before.find((name) => given[name] === undefined);
  const mayAsk = permissions.includes('flows.deploy') && permissions.includes('flows.run');
  const asked = useQuery({
    // No live event renews them: each asking uses a credential and is in the log.
    queryKey: ['choices', connection?.id, of.form, field.name, given],
    queryFn: ({ signal }) =>
      call(
        connectionsApi.choices,
        { params: { id: connection?.id ?? '' }, body: { form: of.form, field: field.name, given } },
        signal,
      ),
    enabled: isOpen && connection !== null && missing === undefined && mayAsk,
    staleTime: freshMs,
    gcTime: freshMs,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
  return {
    connection,
    missing,
    mayAsk,
    items: asked.data?.items ?? [],
    more: asked.data?.more ?? false,
    isAsking: asked.isFetching,
    problem: asked.error ? toProblem(asked.error).message : null,
    again: () => void asked.refetch(),
  };
}

/** The one that is bound to the slot where drafts are tried, or else the first of its connector there. */
function useConnectionFor({ connector, slot }: ChoicesOf): Pick<Connection, 'id' | 'name' | 'environment'> | null {
  const places = tryableOf(useQuery(environmentsQuery()).data?.items ?? []);
  const connections = useQuery(connectionsQuery()).data?.items ?? [];
  const bindings = useBindings();
  const fitting = connections
    .filter((one) => one.connector === connector && one.status === 'active' && places.includes(one.environment))
    .toSorted((a, b) => places.indexOf(a.environment) - places.indexOf(b.environment));
  const bound = fitting.find((one) => slot !== null && bindings.idOf(one.environment, slot) === one.id);
  return bound ?? fitting[0] ?? null;
}

function isWrittenOut(value: Json | undefined): value is string | number | boolean {
  if (typeof value === 'string') return value !== '' && !isTemplate(value);
  return typeof value === 'number' || typeof value === 'boolean';
}
