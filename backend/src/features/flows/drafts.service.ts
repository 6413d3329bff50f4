import { Injectable } from '@nestjs/common';
import {
  applyChanges,
  type Boundaries,
  cutAfter,
  type DraftChange,
  everyStep,
  findStep,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
} from '@sluice/shared/flow';
import { type Json, jsonSchema } from '@sluice/shared/lib';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { BoundariesService, type Surroundings } from './boundaries.service.js';
import { acceptDraft, inspectDraft, type InspectedDraft, readStored, toIssue } from './draft-document.js';
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
    const { revision, editedBy, draft } = await this.stored(workspace, id, tx);
    const around = await this.boundaries.withCatalogue(workspace, tx);
    const { boundaries } = around;
    return { revision, editedBy, boundaries, ...inspectDraft(readStored(draft), around) };
  }

  /**
   * The stored draft, or what of it leads to one step, as it would be tried, and what it was checked against. What
   * stands in for a step excuses its problems. Throws `flow.unknown`, `trial.wrong_step`, `flow.has_problems`.
   */
  async inspectPart(
    workspace: string,
    id: string,
    { upTo, standIns }: { upTo: string | undefined; standIns: readonly string[] },
  ): Promise<InspectedDraft & Surroundings> {
    const document = readStored((await this.stored(workspace, id)).draft);
    const around = await this.boundaries.withCatalogue(workspace);
    if (upTo !== undefined && findStep(document, upTo) === undefined)
      throw new Problem('trial.wrong_step', { issues: [{ path: 'upTo', message: `The draft has no step ${upTo}.` }] });
    const part = inspectDraft(upTo === undefined ? document : cutAfter(document, upTo), around);
    const roots = new Map(part.document.steps.map((step) => [step.id, step]));
    const wrong = standIns.filter((step) => roots.get(step)?.kind === 'trigger' || !roots.has(step));
    if (wrong.length > 0) {
      const issues = wrong.map((step) => ({
        path: `standIns.${step}`,
        message: `Nothing can stand in for ${step}: it is the trigger, lies in a loop, or is not among what is tried.`,
      }));
      throw new Problem('trial.wrong_step', { issues });
    }
    const excused = new Set(
      [...everyStep({ steps: standIns.flatMap((step) => roots.get(step) ?? []), edges: [] })].map((step) => step.id),
    );
    const problems = part.problems.filter(({ step }) => step === undefined || !excused.has(step));
    if (problems.length > 0)
      throw new Problem('flow.has_problems', {
        message: 'What you try has problems to solve first; see issues.',
        issues: problems.map(toIssue),
      });
    return { ...part, ...around };
  }

  private async stored(workspace: string, id: string, tx?: EntityManager) {
    const [flow] = await this.flows.drafts(workspace, [id], tx);
    if (flow === undefined) throw new Problem('flow.unknown');
    return flow;
  }

  /** Refuses a base that somebody else has saved over; without a base the last writer wins. */
  async save(
    actor: Actor,
    id: string,
    body: { document: Json; baseRevision?: number | undefined },
  ): Promise<DraftState> {
    const draft = acceptDraft(body.document, await this.boundaries.withCatalogue(actor.workspace));
    return await this.dataSource.transaction((tx) => this.keep(tx, actor, { id, draft, base: body.baseRevision }));
  }

  /**
   * Does changes to the draft as it is now; all or none. What others changed since `baseRevision` stays, and comes with
   * the reply. Throws `flow.changed_elsewhere` with the places that somebody else changed too.
   */
  async change(
    actor: Actor,
    id: string,
    { changes, baseRevision }: { changes: readonly DraftChange[]; baseRevision: number },
  ): Promise<DraftState & { document?: FlowDocument }> {
    const around = await this.boundaries.withCatalogue(actor.workspace);
    return await this.dataSource.transaction(async (tx) => {
      if (!(await this.flows.lock(tx, actor.workspace, id))) throw new Problem('flow.unknown');
      const stored = await this.stored(actor.workspace, id, tx);
      const { document, collisions } = applyChanges(readStored(stored.draft), changes);
      if (collisions.length > 0) {
        const message = 'Somebody else changed this too; load the draft again and choose.';
        throw new Problem('flow.changed_elsewhere', {
          issues: collisions.slice(0, 100).map((at) => ({ path: at.join('.'), message })),
        });
      }
      const draft = acceptDraft(jsonSchema.parse(document), around);
      const kept = await this.keep(tx, actor, { id, draft, base: undefined });
      return stored.revision === baseRevision ? kept : { ...kept, document: draft.document };
    });
  }

  private async keep(
    tx: EntityManager,
    actor: Actor,
    { id, draft, base }: { id: string; draft: InspectedDraft; base: number | undefined },
  ): Promise<DraftState> {
    const { document, hash, problems, manifest } = draft;
    const revision = await this.flows.saveDraft(tx, {
      workspace: actor.workspace,
      id,
      base,
      draft: document,
      by: actor.member,
      now: this.clock.date(),
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
  }
}
