import { type KillSwitchKind, killSwitchKinds } from '@sluice/shared/api';

export const kindWords: Record<KillSwitchKind, string> = {
  flow: 'Flow',
  connection: 'Connection',
  connector: 'Connector',
  host: 'Host',
  environment: 'Environment',
};

/** What a stop of this kind does, for whoever is about to set it. */
export const stopWords: Record<KillSwitchKind, string> = {
  flow: 'Its deliveries get 503, it can’t be started, and its runs wait at their next call.',
  connection: 'No call leaves with it, in any flow. Its secret stays sealed and works again once released.',
  connector: 'No call leaves through it, with any connection, in any environment.',
  host: 'No call goes to it, from any flow. Without a port it holds for all of them.',
  environment: 'Deliveries to it get 503, nothing is started in it, and its runs wait at their next call.',
};

export function isKind(value: string): value is KillSwitchKind {
  return killSwitchKinds.some((kind) => kind === value);
}
