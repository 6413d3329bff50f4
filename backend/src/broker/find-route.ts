import type { Outlet } from './outlet.js';
import type { Route } from './egress/dial.js';
import { assertReachable, privateAddress, type Target } from './egress/target.js';
import type { StandIn } from './egress/stand-ins.js';
import { refused } from './refusal.js';

/** Where the socket goes: to the service's checked addresses, or to its stand-in's. Throws CallEnded. */
export async function findRoute(
  { standIns, resolver, allowList, keyService }: Pick<Outlet, 'standIns' | 'resolver' | 'allowList' | 'keyService'>,
  target: Target,
  policy: { production: boolean },
): Promise<{ route: Route; prefix: string; standIn: StandIn | null }> {
  // It is listed for Sluice itself, and with its token everything could be opened.
  if (target.label === keyService) throw privateAddress(target.label);
  const standIn = standIns.find(target);
  if (standIn === null) {
    assertReachable(target, allowList);
    const addresses = await resolver.find(target);
    return { route: { host: target.host, port: target.port, isTls: target.isTls, addresses }, prefix: '', standIn };
  }
  if (policy.production) {
    throw refused(
      'broker.no_stand_ins_in_production',
      `SLUICE_DOUBLES sends ${target.label} to a stand-in, which a production environment refuses: unset it.`,
    );
  }
  const addresses = await resolver.findAny({ host: standIn.host, label: target.label });
  return {
    route: { host: standIn.host, port: standIn.port, isTls: standIn.isTls, addresses },
    prefix: standIn.prefix,
    standIn,
  };
}
