import { deploymentsApi } from '@sluice/shared/api';
import { type FlowDocument, isFields } from '@sluice/shared/flow';
import { jsonSchema } from '@sluice/shared/lib';
import { useMutation, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { call } from '../../api/client.js';
import { type ApiProblem, toProblem } from '../../api/problem.js';
import { environmentsQuery, meQuery, runQuery } from '../../api/queries.js';
import { useActions, useEditor, useEditorStore } from '../store/editor-context.js';
import { isSameMeaning } from '../store/editor-store.js';
import { useFlowId } from '../store/flow-id.js';
import { type Calls, standInsFor } from './stand-ins.js';
import { tryableOf } from './tryable.js';

export interface Trial {
  /** Where nobody has to approve, so that a draft may be tried. */
  places: readonly string[];
  environment: string | null;
  chooseEnvironment(name: string): void;
  /** A delivery to try with; null for the sample. */
  event: string | null;
  chooseEvent(id: string | null): void;
  /** Why nothing can be tried; null when it can. */
  reason: string | null;
  isStarting: boolean;
  problem: ApiProblem | null;
  /** The last trial, as far as it is. */
  run: ReturnType<typeof useTriedRun>;
  start(of: { upTo?: string; calls: Calls }): void;
  /** Back to drawing. */
  leave(): void;
}

const TrialContext = createContext<Trial | null>(null);

export function useTrial(): Trial {
  const trial = useContext(TrialContext);
  if (trial === null) throw new Error('useTrial is used outside TrialProvider');
  return trial;
}

/** Trials of the draft in this editor: one at a time, the last one drawn over the canvas. */
export function TrialProvider(props: { flush: () => Promise<boolean>; children: React.ReactNode }) {
  const flowId = useFlowId();
  const store = useEditorStore();
  const actions = useActions();
  const permissions = useQuery(meQuery()).data?.permissions ?? [];
  const places = tryableOf(useQuery(environmentsQuery()).data?.items ?? []);
  const [chosen, chooseEnvironment] = useState<string | null>(null);
  const [event, chooseEvent] = useState<string | null>(null);
  const environment = chosen ?? places[0] ?? null;
  // What is pending is known to a render only: two presses may come before one.
  const isUnderWay = useRef(false);
  const start = useMutation({
    async mutationFn({ upTo, calls }: { upTo?: string; calls: Calls }) {
      const isKept = await props.flush();
      if (!isKept || environment === null) return null;
      const state = store.getState();
      const { trigger } = state.samples.scope;
      const body = isFields(trigger) ? trigger['body'] : null;
      const { runId } = await call(deploymentsApi.try, {
        params: { id: flowId },
        body: {
          environment,
          ...(upTo === undefined ? {} : { upTo }),
          ...(event === null ? { input: jsonSchema.catch(null).parse(body) } : { event }),
          standIns: standInsFor(state, { upTo, calls }),
        },
      });
      return { runId, document: state.document };
    },
    onSettled() {
      isUnderWay.current = false;
    },
  });
  const run = useTriedRun(start.data ?? null);
  return (
    <TrialContext
      value={{
        places,
        environment,
        chooseEnvironment,
        event,
        chooseEvent,
        reason: reasonOf({ permissions, environment }),
        isStarting: start.isPending,
        problem: start.error ? toProblem(start.error) : null,
        run,
        start(of) {
          if (isUnderWay.current) return;
          isUnderWay.current = true;
          start.mutate(of);
        },
        leave() {
          start.reset();
          actions.showRun(null);
        },
      }}
    >
      {props.children}
    </TrialContext>
  );
}

function reasonOf(of: { permissions: readonly string[]; environment: string | null }): string | null {
  if (!of.permissions.includes('flows.deploy') || !of.permissions.includes('flows.run'))
    return 'Your roles do not allow trying a draft; an admin can give you the builder role.';
  return of.environment === null ? 'Every environment asks for approvals; add one that does not, such as dev.' : null;
}

const pollMs = 700;

/** A run that waits may do so for days; what it waits for is told by the page's stream. */
export function pollAfter(run: { status: string } | undefined, isDrawnAsTried: boolean): number | false {
  return isDrawnAsTried && (run === undefined || run.status === 'running') ? pollMs : false;
}

/** The run of the last trial, read until it is over, and shown on the canvas while that is as it was tried. */
function useTriedRun(tried: { runId: string; document: FlowDocument } | null) {
  const actions = useActions();
  const isDrawn = useEditor((state) => state.run !== null);
  const isAsTried = useEditor((state) => tried !== null && isSameMeaning(state.document, tried.document));
  const read = useQuery({
    ...runQuery(tried?.runId ?? ''),
    enabled: tried !== null,
    // The page's stream tells of runs too, but gathers for half a second; whoever tries is waiting.
    refetchInterval: ({ state }) => pollAfter(state.data, isAsTried),
  });
  const run = tried === null ? undefined : read.data;
  useEffect(() => {
    if (run !== undefined && isAsTried) actions.showRun(run.steps);
  }, [actions, run, isAsTried]);
  return run === undefined ? null : { ...run, isDrawn };
}
