import { flowsApi, type PresenceReply } from '@sluice/shared/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '../../api/client.js';
import { useEditor } from '../store/editor-context.js';
import { useFlowId } from '../store/flow-id.js';
import { tabId } from '../store/tab-id.js';

const beatMs = 10_000;
const nobody: readonly PresenceReply[] = [];

/** Says where this tab is, and gives the other tabs that have the flow open; news of them come by the live channel. */
export function usePresence(): readonly PresenceReply[] {
  const flow = useFlowId();
  const client = useQueryClient();
  const step = useEditor((state) =>
    state.selection.length === 1 && /^\w+$/.test(state.selection[0] ?? '') ? (state.selection[0] ?? null) : null,
  );
  const others = useQuery({
    queryKey: ['presence', flow],
    queryFn: () => tell(flow, { step, isHere: true }),
    refetchInterval: beatMs,
    refetchIntervalInBackground: true,
    retry: false,
  });
  useEffect(() => void client.invalidateQueries({ queryKey: ['presence', flow] }), [client, flow, step]);
  useEffect(() => {
    const leave = () => void tell(flow, { step: null, isHere: false }).catch(() => undefined);
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [flow]);
  return others.data?.others ?? nobody;
}

function tell(id: string, of: { step: string | null; isHere: boolean }) {
  return call(flowsApi.presence, { params: { id }, body: { tab: tabId(), ...of } });
}
