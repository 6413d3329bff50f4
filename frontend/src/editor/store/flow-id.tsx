import { createContext, useContext } from 'react';

const FlowIdContext = createContext<string | null>(null);
export const FlowIdProvider = FlowIdContext.Provider;

/** The flow that this editor is about. */
export function useFlowId(): string {
  const id = useContext(FlowIdContext);
  if (id === null) throw new Error('useFlowId is used outside an editor');
  return id;
}
