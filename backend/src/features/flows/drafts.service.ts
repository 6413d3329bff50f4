import { Injectable } from '@nestjs/common';
import type { Boundaries, FlowDocument, FlowProblem, Manifest } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { BoundariesService } from './boundaries.service.js';
import { acceptDraft, inspectDraft, type InspectedDraft, readStored } from './draft-document.js';
import type { FlowEntity } from './flow.entity.js';
import { FlowsRepository } from './flows.repository.js';

export interface DraftState {
  revision: number;
  problems: FlowProblem[];
  manifest: Manifest;
}

@Injectable()
export class DraftsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly flows: FlowsRepository,
    private readonly boundaries: BoundariesService,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async get(workspace: string, id: string): Promise<DraftState & { document: FlowDocument; boundaries: Boundaries }> {
    const { revision, document, problems, manifest, boundaries } = await this.inspect(workspace, id);
    return { document, revision, problems, manifest, boundaries };
  }

  /** The stored draft with all that is computed from it. Throws `flow.unknown`. */
  async inspect(
    workspace: string,
    id: string,
    tx?: EntityManager,
  ): Promise<InspectedDraft & Pick<FlowEntity, 'revision' | 'editedBy'> & { boundaries: Boundaries }> {
    const [flow] = await this.flows.drafts(workspace, [id], tx);
    if (flow === undefined) throw new Problem('flow.unknown');
    const { revision, editedBy } = flow;
    const boundaries = await this.boundaries.of(workspace, tx);
    return { revision, editedBy, boundaries, ...inspectDraft(readStored(flow.draft), boundaries) };
  }

  /** Refuses a base that somebody else has saved over; without a base the last writer wins. */
  async save(
    actor: Actor,
    id: string,
    body: { document: Json; baseRevision?: number | undefined },
  ): Promise<DraftState> {
    const { document, hash, problems, manifest } = acceptDraft(
      body.document,
      await this.boundaries.of(actor.workspace),
    );
    return await this.dataSource.transaction(async (tx) => {
      const now = this.clock.date();
      const revision = await this.flows.saveDraft(tx, {
        workspace: actor.workspace,
        id,
        base: body.baseRevision,
        draft: document,
        by: actor.member,
        now,
      });
      if (revision === null) {
        const found = await this.flows.list(actor.workspace, { id, limit: 1 }, tx);
        throw new Problem(found.length === 0 ? 'flow.unknown' : 'flow.changed_elsewhere');
      }
      await this.changes.notify(tx, 'flows', id);
      await this.journal.record(tx, [
        memberEntry(actor, 'flow.draft_saved', { subject: { kind: 'flow', id }, detail: { revision, hash } }),
      ]);
      return { revision, problems, manifest };
    });
  }
}
