import { Injectable } from '@nestjs/common';
import type { VersionReply } from '@sluice/shared/api';
import type { FlowDocument, Manifest } from '@sluice/shared/flow';
import { canonicalJson } from '@sluice/shared/lib';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { type InspectedDraft, readStored, toIssue } from './draft-document.js';
import { DraftsService } from './drafts.service.js';
import { FlowsService } from './flows.service.js';
import { type VersionRow, VersionsRepository } from './versions.repository.js';

@Injectable()
export class VersionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsService,
    private readonly drafts: DraftsService,
    private readonly versions: VersionsRepository,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  /** Newest first; `before` is a version number. Throws `flow.unknown`. */
  async list(workspace: string, id: string, page: { before: number | null; limit: number }): Promise<VersionReply[]> {
    await this.flows.assertKnown(workspace, id);
    return (await this.versions.list({ workspace, id }, page)).map(toReply);
  }

  /** Throws `version.unknown`, for a version of another workspace too. */
  async get(workspace: string, id: string, version: number): Promise<VersionReply & { document: FlowDocument }> {
    const found = await this.versions.find({ workspace, id }, version);
    if (found === null) throw new Problem('version.unknown', { message: `This flow has no version ${version}.` });
    return { ...toReply(found), document: readStored(found.document) };
  }

  /**
   * Publishes the draft as it is stored. A draft that says the same as the latest version, of the same connectors,
   * answers that one.
   */
  async publish(actor: Actor, id: string, note: string | null): Promise<VersionReply> {
    return await this.dataSource.transaction(async (tx) => {
      await this.flows.lock(tx, actor.workspace, id);
      const { document, hash, problems, manifest, editedBy } = await this.drafts.inspect(actor.workspace, id, tx);
      if (problems.length > 0) throw new Problem('flow.has_problems', { issues: problems.map(toIssue) });
      const latest = await this.latest(tx, actor.workspace, id);
      if (latest?.hash === hash && pinsOf(latest.manifest) === pinsOf(manifest)) return latest;
      const version = (latest?.version ?? 0) + 1;
      await this.versions.insert(tx, {
        flowId: id,
        version,
        workspaceId: actor.workspace,
        hash,
        document,
        manifest,
        note,
        createdBy: actor.member,
        editedBy,
        createdAt: this.clock.date(),
      });
      const published = await this.latest(tx, actor.workspace, id);
      if (published === undefined) throw new Error('A version vanished after it was stored');
      await this.changes.notify(tx, 'flows', id);
      await this.journal.record(tx, [
        memberEntry(actor, 'flow.published', {
          subject: { kind: 'flow', id },
          detail: { version, hash, scopes: manifest.scopes, hosts: manifest.hosts },
        }),
      ]);
      return published;
    });
  }

  /**
   * Keeps a draft, or a part of it, as it is tried, so that its run can be read and proven later: with a number below
   * zero, which no list names and nothing deploys. The same content, of the same connectors, tried again has the
   * number it had.
   */
  async keepTried(
    tx: EntityManager,
    actor: Actor,
    { flow: id, tried }: { flow: string; tried: Omit<InspectedDraft, 'problems'> },
  ): Promise<number> {
    const flow = { workspace: actor.workspace, id };
    const pins = pinsOf(tried.manifest);
    const same = (await this.versions.listTried(tx, flow, tried.hash)).find(
      ({ manifest }) => pinsOf(manifest) === pins,
    );
    if (same !== undefined) return same.version;
    const version = (await this.versions.lastTried(tx, flow)) - 1;
    await this.versions.insert(tx, {
      flowId: id,
      version,
      workspaceId: actor.workspace,
      hash: tried.hash,
      document: tried.document,
      manifest: tried.manifest,
      note: null,
      createdBy: actor.member,
      editedBy: null,
      createdAt: this.clock.date(),
    });
    return version;
  }

  private async latest(tx: EntityManager, workspace: string, id: string): Promise<VersionReply | undefined> {
    const [row] = await this.versions.list({ workspace, id }, { before: null, limit: 1 }, tx);
    return row === undefined ? undefined : toReply(row);
  }
}

/** Imported connectors of a version: another document of one is another version of the flow. */
function pinsOf({ slots }: Manifest): string {
  return canonicalJson(Object.fromEntries(Object.entries(slots).map(([slot, { version }]) => [slot, version ?? null])));
}

function toReply({ version, hash, manifest, note, createdBy, createdByName, createdAt }: VersionRow): VersionReply {
  return {
    version,
    hash,
    manifest,
    note,
    createdBy: { id: createdBy, name: createdByName },
    createdAt: createdAt.toISOString(),
  };
}
