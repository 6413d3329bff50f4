import { hash } from 'node:crypto';
import type { Connector, ConnectorDescription } from '@sluice/shared/connector';
import { canonicalJson } from '@sluice/shared/lib';
import { type Declaration, declarationSchema, openDeclaration } from '@sluice/shared/openapi';

/** A connector with the hash of what an approval of it stands on. */
export interface KnownConnector {
  connector: Connector;
  description: ConnectorDescription;
  version: string;
}

/** The text that is stored, and the hash that it is known by. */
export function sealDeclaration(declaration: Declaration): { text: string; version: string } {
  const text = canonicalJson(declaration);
  return { text, version: hashOf(text) };
}

/** Opened ones by version: a version never changes, so none is opened twice while there is room. */
const opened = new Map<string, { known: KnownConnector; size: number }>();
/** Characters of stored text, some six times that in memory. */
const mostKept = 32_000_000;

/** An imported connector if it was opened before. */
export function knownVersion(version: string, id: string): KnownConnector | null {
  const found = opened.get(keyOf(version, id));
  return found?.known ?? null;
}

/** Null where the stored text is not what its version names: nothing that was approved stands on it, so it is as good as gone. */
export function openImported({ version, text }: { version: string; text: string }): KnownConnector | null {
  if (hashOf(text) !== version) return null;
  const declaration = declarationSchema.parse(JSON.parse(text));
  const { id } = declaration.description;
  const known = {
    connector: openDeclaration(declaration),
    description: { ...declaration.description, version },
    version,
  };
  let kept = text.length;
  for (const { size } of opened.values()) kept += size;
  if (kept > mostKept) opened.clear();
  opened.set(keyOf(version, id), { known, size: text.length });
  return known;
}

function keyOf(version: string, id: string): string {
  return `${id} ${version}`;
}

function hashOf(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}
