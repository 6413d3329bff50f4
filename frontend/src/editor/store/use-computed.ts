import { connectorsApi } from '@sluice/shared/api';
import { jsonSchema } from '@sluice/shared/lib';
import { useEffect, useRef } from 'react';
import { call } from '../../api/client.js';
import { useActions, useEditor } from './editor-context.js';

const restMs = 300;

/** Has the server compute what connectors compute of the samples, once typing rests; one answer may ask for the next. */
export function useComputed(): void {
  const actions = useActions();
  const wanted = useEditor((state) => state.samples.wanted);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const asked = useRef(new Set<string>());
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const { key, connector, computation, input } of isReadOnly ? [] : wanted) {
        if (asked.current.has(key)) continue;
        asked.current.add(key);
        const body = { connector, computation, input: fieldsOf(input) };
        call(connectorsApi.compute, { body })
          .then(({ output, refused }) => actions.learnComputed(key, refused === null ? output : undefined))
          // Without an answer the sample that the connector declares stands; the next change asks again.
          .catch(() => undefined)
          .finally(() => asked.current.delete(key));
      }
    }, restMs);
    return () => clearTimeout(timer);
  }, [wanted, isReadOnly, actions]);
}

/** Without fields that hold nothing, which JSON doesn't know. */
function fieldsOf(input: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) => {
      const json = jsonSchema.safeParse(value);
      return json.success ? [[name, json.data] as const] : [];
    }),
  );
}
