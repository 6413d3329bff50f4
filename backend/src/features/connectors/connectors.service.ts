import { Injectable } from '@nestjs/common';
import type { Catalogue, ConnectorDescription } from '@sluice/shared/connector';
import type { Manifest } from '@sluice/shared/flow';
import type { EntityManager } from 'typeorm';
import { type KnownConnector, knownVersion, openImported } from '../../connectors/imported.js';
import { catalogue as builtIn, findBuiltIn } from '../../connectors/registry.js';
import { Problem } from '../../platform/problem.js';
import { ImportedConnectorsRepository } from './imported-connectors.repository.js';

type Named = { id: string; version: string };

/** The connectors of a workspace: those of the program, and those that it imported. */
@Injectable()
export class ConnectorsService {
  constructor(private readonly imported: ImportedConnectorsRepository) {}

  /** What drafts are checked against: built-in connectors, and the current version of each imported one. */
  async catalogue(workspace: string, tx?: EntityManager): Promise<Catalogue> {
    return joined(await this.open(workspace, await this.imported.listCurrent(workspace, tx), tx));
  }

  /** The same for a published version: the imported connectors of its slots as they were published with. */
  async catalogueOf(workspace: string, manifest: Pick<Manifest, 'slots'>, tx?: EntityManager): Promise<Catalogue> {
    return joined([...(await this.ofSlots(workspace, manifest, tx)).values()]);
  }

  /** The connectors of a published version's slots by id; one that is gone is left out. */
  async ofSlots(
    workspace: string,
    { slots }: Pick<Manifest, 'slots'>,
    tx?: EntityManager,
  ): Promise<Map<string, KnownConnector>> {
    const used = Object.values(slots);
    const pinned = used.flatMap(({ connector: id, version }) => (version === undefined ? [] : [{ id, version }]));
    const found = await this.open(workspace, pinned, tx);
    for (const { connector: id, version } of used) {
      const known = version === undefined ? findBuiltIn(id) : null;
      if (known !== null) found.push(known);
    }
    return new Map(found.map((known) => [known.description.id, known]));
  }

  /** The current one of that id; null for none. */
  async find(workspace: string, id: string, tx?: EntityManager): Promise<KnownConnector | null> {
    const known = findBuiltIn(id);
    if (known !== null) return known;
    const current = (await this.imported.listCurrent(workspace, tx)).filter((one) => one.id === id);
    return (await this.open(workspace, current, tx))[0] ?? null;
  }

  /** Throws `connector.unknown`. */
  async get(workspace: string, id: string, tx?: EntityManager): Promise<KnownConnector> {
    const known = await this.find(workspace, id, tx);
    if (known === null) throw new Problem('connector.unknown', { message: `There is no connector "${id}" here.` });
    return known;
  }

  /** For words about it: as it was when something was approved of it, else as it is. */
  async describe(
    workspace: string,
    { connector, version }: { connector: string; version: string },
    tx?: EntityManager,
  ): Promise<ConnectorDescription | undefined> {
    const known = findBuiltIn(connector);
    if (known !== null) return known.description;
    const [as] = await this.open(workspace, [{ id: connector, version }], tx);
    return (as ?? (await this.find(workspace, connector, tx)))?.description;
  }

  private async open(workspace: string, wanted: readonly Named[], tx?: EntityManager): Promise<KnownConnector[]> {
    const found = wanted.map(({ id, version }) => knownVersion(version, id));
    const missing = wanted.filter((_, at) => found[at] === null);
    const texts = missing.length === 0 ? [] : await this.imported.listTexts(workspace, missing, tx);
    return [...found, ...texts.map((one) => openImported(one))].filter((known) => known !== null);
  }
}

/**
 * By the versions in them, so that what is computed from one is found again. Kept with the first connector in them, so
 * no longer than that is kept open itself: they are as large as what they join.
 */
const joinedOnes = new WeakMap<ConnectorDescription, Map<string, Catalogue>>();
const mostJoined = 20;

function joined(found: readonly KnownConnector[]): Catalogue {
  const imported = found.map(({ description }) => description).filter(({ version }) => version !== undefined);
  const [first] = imported;
  if (first === undefined) return builtIn;
  const key = imported.map(({ id, version }) => `${id} ${version}`).join(' ');
  const ofFirst = joinedOnes.get(first) ?? new Map<string, Catalogue>();
  joinedOnes.set(first, ofFirst);
  const known = ofFirst.get(key);
  if (known !== undefined) return known;
  if (ofFirst.size >= mostJoined) ofFirst.clear();
  // No prototype: an id such as `constructor` finds nothing.
  const all = Object.assign(Object.create(null), builtIn, Object.fromEntries(imported.map((one) => [one.id, one])));
  ofFirst.set(key, all);
  return all;
}
