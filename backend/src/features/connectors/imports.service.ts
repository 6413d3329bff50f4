import { Injectable } from '@nestjs/common';
import type { connectorsApi, ImportedVersion, ImportReply } from '@sluice/shared/api';
import { fieldClassSchema } from '@sluice/shared/connector';
import { chosenEffects, type DeclarationChanges } from '@sluice/shared/openapi';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { catalogue as builtIn } from '../../connectors/registry.js';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMayEverywhere } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import type { Asked } from '../../platform/http/route.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { DocumentReader } from './document-reader.js';
import { DocumentSource, sourceOf } from './document-source.js';
import { type CurrentVersion, ImportedConnectorsRepository } from './imported-connectors.repository.js';
import type { Choices, DocumentResult } from './read-text.js';

type ImportBody = Asked<typeof connectorsApi.import>['body'];
type Read = Exclude<DocumentResult, { refused: string }>;

const choicesSchema = z.object({
  effects: z.record(z.string(), z.enum(chosenEffects)).optional(),
  receives: z.array(fieldClassSchema).optional(),
});

const mostConnectors = 100;

/** Makes connectors of OpenAPI documents: read in a thread, shown, and stored under the hash of what was read. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imported: ImportedConnectorsRepository,
    private readonly reader: DocumentReader,
    private readonly source: DocumentSource,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads a document and, unless it is only looked at, makes it the current version of its connector. Flows that were
   * published go on with the version that they were published with. Throws `connector.not_readable`,
   * `connector.no_document`, `connector.not_reachable`.
   */
  async import(actor: Actor, body: ImportBody): Promise<ImportReply> {
    assertMayEverywhere(actor, 'connectors.manage');
    const text = await this.textOf(actor, body);
    const current = await this.imported.listCurrent(actor.workspace);
    const read = await this.read(text, body, current);
    const { id } = read.declared.description;
    const before = current.find((one) => one.id === id) ?? null;
    const reply = toReply(read, {
      replaces: before?.version ?? null,
      changes: before === null ? null : await this.compare(actor.workspace, before, read),
    });
    if (body.expect !== undefined && body.expect !== read.version) throw new Problem('connector.other_document');
    if (body.dryRun === true) return reply;
    if (before === null && current.length >= mostConnectors)
      throw new Problem('connector.too_many', {
        message: `A workspace has at most ${mostConnectors} imported connectors.`,
      });
    await this.dataSource.transaction(async (tx) => {
      await this.imported.lock(tx, actor.workspace);
      await this.assertUnchanged(actor.workspace, { id, before }, tx);
      await this.imported.put(tx, {
        workspace: actor.workspace,
        id,
        ...read,
        choices: known(read, before),
        source: body.url === undefined ? null : sourceOf(body.url),
        by: { id: actor.member, name: actor.name },
        at: this.clock.date(),
      });
      await this.changes.notify(tx, 'connectors', id);
      const { operations, actions } = read.report;
      const detail = {
        version: read.version,
        replaces: before?.version ?? null,
        document: read.documentHash,
        ...(body.url === undefined ? {} : { source: sourceOf(body.url) }),
        operations,
        actions,
      };
      await this.journal.record(tx, [
        memberEntry(actor, 'connector.imported', { subject: { kind: 'connector', id }, detail }),
      ]);
    });
    return { ...reply, isStored: true };
  }

  /** Newest first. Throws `connector.unknown`. */
  async versions(workspace: string, id: string): Promise<ImportedVersion[]> {
    const current = (await this.imported.listCurrent(workspace)).find((one) => one.id === id);
    if (current === undefined)
      throw new Problem('connector.unknown', { message: `There is no imported connector "${id}" here.` });
    return (await this.imported.listVersions(workspace, id)).map((row) => ({
      version: row.version,
      isCurrent: row.version === current.version,
      ...row.report,
      source: row.source,
      importedBy: { id: row.importedBy, name: row.importedByName },
      importedAt: row.importedAt.toISOString(),
    }));
  }

  private async textOf(actor: Actor, { openapi, url }: ImportBody): Promise<string> {
    if ((openapi === undefined) === (url === undefined)) throw new Problem('connector.no_document');
    if (url !== undefined) return await this.source.read(actor, url);
    return typeof openapi === 'string' ? openapi : JSON.stringify(openapi);
  }

  private async read(text: string, body: ImportBody, current: readonly CurrentVersion[]): Promise<Read> {
    const { id, effects, receives } = body;
    const earlier = current.map((one) => ({ id: one.id, choices: choicesSchema.parse(one.choices) }));
    const read = await this.reader.read({ text, choices: { id, effects, receives }, earlier });
    if ('refused' in read) throw new Problem('connector.not_readable', { message: read.refused });
    return read;
  }

  private async compare(
    workspace: string,
    before: CurrentVersion,
    { version, text }: Read,
  ): Promise<DeclarationChanges | null> {
    const [earlier] = before.version === version ? [] : await this.imported.listTexts(workspace, [before]);
    if (earlier === undefined) return null;
    const compared = await this.reader.compare({ before: earlier.text, after: text });
    if ('refused' in compared) throw new Problem('connector.not_readable', { message: compared.refused });
    return compared.changes;
  }

  private async assertUnchanged(
    workspace: string,
    { id, before }: { id: string; before: CurrentVersion | null },
    tx: EntityManager,
  ): Promise<void> {
    const now = (await this.imported.listCurrent(workspace, tx)).find((one) => one.id === id);
    if (now?.version !== before?.version) throw new Problem('connector.other_document');
  }
}

/** What is kept for the next import: of actions that neither this nor an earlier document had, nothing. */
function known({ choices: { effects = {}, ...others }, declared }: Read, before: CurrentVersion | null): Choices {
  const earlier = choicesSchema.parse(before?.choices ?? {}).effects ?? {};
  const ids = new Set([...declared.description.actions.map(({ id }) => id), ...Object.keys(earlier)]);
  const kept = Object.entries(effects).filter(([id]) => ids.has(id));
  return kept.length === 0 ? others : { ...others, effects: Object.fromEntries(kept) };
}

function toReply(read: Read, compared: Pick<ImportReply, 'replaces' | 'changes'>): ImportReply {
  const { description, origin, oauth } = read.declared;
  const twin = Object.values(builtIn).find(({ title }) => title.toLowerCase() === description.title.toLowerCase());
  const twinWarning =
    twin === undefined ? [] : [`Sluice has a connector ${twin.title} of its own: this one is another.`];
  return {
    id: description.id,
    version: read.version,
    ...read.report,
    warnings: [...twinWarning, ...read.report.warnings],
    connector: { ...description, version: read.version },
    origin,
    oauth,
    ...compared,
    isStored: false,
  };
}
