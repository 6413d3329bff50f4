/** A signed webhook; `respond`: `accepted` answers once it is stored, `result` once the flow has answered. */
export const trigger = (respond) => ({
  id: 'event',
  kind: 'trigger',
  connector: 'webhook',
  trigger: 'received',
  config: { scheme: 'standard-webhooks', respond },
});
