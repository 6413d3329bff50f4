import type { Reply, RunPass, RunStep, runsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { toProblem } from '../../api/problem.js';
import { runQuery } from '../../api/queries.js';
import { useActions, useEditor } from '../store/editor-context.js';

export interface Watched {
  run: Reply<typeof runsApi.get>;
  /** With those of the passes that are looked into, which stand first. */
  steps: readonly RunStep[];
  selected: RunStep | undefined;
  select: (id: string | null) => void;
  /** The pass of each loop that is looked into, by the loop's key. */
  passes: ReadonlyMap<string, RunPass>;
  showPass: (loop: string, pass: RunPass) => void;
}

/** A real run that is looked at in the place of the draft, in the drawing of its version. */
export function useWatchedRun() {
  const actions = useActions();
  const document = useEditor((state) => state.document);
  const [id, setId] = useState<string | null>(null);
  const [selectedId, select] = useState<string | null>(null);
  const [passes, setPasses] = useState<ReadonlyMap<string, RunPass>>(new Map());
  const read = useQuery({ ...runQuery(id ?? ''), enabled: id !== null });
  const showPass = useCallback(
    (loop: string, pass: RunPass) => setPasses((before) => new Map(before).set(loop, pass)),
    [],
  );
  function watch(next: string | null) {
    setId(next);
    select(null);
    setPasses(new Map());
    // Keys and the panel speak of what is seen.
    if (next !== null) actions.select([]);
  }
  // What changes the draft, as an undo does, wants the draft to be seen.
  const drawn = useRef(document);
  useEffect(() => {
    if (drawn.current !== document) setId(null);
    drawn.current = document;
  }, [document]);
  return {
    isWatching: id !== null,
    watch,
    watched: id === null || read.data === undefined ? null : watchedOf(read.data),
    problem: id === null || read.error === null ? null : toProblem(read.error).message,
  };

  function watchedOf(shown: Watched['run']): Watched {
    const steps = [...[...passes.values()].toReversed().flatMap((pass) => pass.steps), ...shown.steps];
    return {
      run: shown,
      steps,
      selected: steps.find((step) => step.id === selectedId),
      select,
      passes,
      showPass,
    };
  }
}
