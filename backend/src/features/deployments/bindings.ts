import type { Issue } from '@sluice/shared/api';
import type { FlowDocument, Manifest } from '@sluice/shared/flow';

/** A connection as far as a binding needs it; all are of the workspace and environment that is deployed to. */
export interface Bindable {
  id: string;
  connector: string;
  hosts: readonly string[];
  isRevoked: boolean;
}

/**
 * What is wrong with the bindings of a version: each slot that is used needs a connection of its connector, in force,
 * in this environment. A connection of another environment or workspace is as unknown as one that never was (F6, F17).
 */
export function checkBindings(
  { document, manifest }: { document: FlowDocument; manifest: Manifest },
  bindings: Readonly<Record<string, string>>,
  { connections, environment }: { connections: readonly Bindable[]; environment: string },
): Issue[] {
  const known = new Map(connections.map((connection) => [connection.id, connection]));
  const slots = new Map(Object.entries(document.slots));
  const unbound = Object.keys(manifest.slots).filter((slot) => !Object.hasOwn(bindings, slot));
  const missing = unbound.map((slot) => ({
    path: `bindings.${slot}`,
    message: `The slot ${slot} needs a ${slots.get(slot)?.connector} connection of ${environment}.`,
  }));
  const wrong = Object.entries(bindings).flatMap(([slot, id]) => {
    const path = `bindings.${slot}`;
    const needed = slots.get(slot);
    if (needed === undefined) return [{ path, message: `This version has no slot ${slot}.` }];
    const connection = known.get(id);
    if (connection === undefined) return [{ path, message: `${environment} has no such connection.` }];
    if (connection.isRevoked) return [{ path, message: 'This connection was revoked; choose another one.' }];
    if (connection.connector === needed.connector) return [];
    return [
      {
        path,
        message: `The slot ${slot} needs a ${needed.connector} connection; this one is for ${connection.connector}.`,
      },
    ];
  });
  return [...missing, ...wrong];
}
