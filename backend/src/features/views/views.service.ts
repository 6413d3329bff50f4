import { Injectable } from '@nestjs/common';
import {
  allowsEverywhere,
  allowsSomewhere,
  mostViews,
  type Permission,
  type View,
  type ViewScreen,
} from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMayEverywhere } from '../../platform/actor.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { type SavedView, ViewsRepository } from './views.repository.js';

/** A view shows no more than its screen does; whoever may not see that one sees none of its views. */
const reads: Readonly<Record<ViewScreen, Permission>> = {
  runs: 'runs.read',
  'dead-letters': 'runs.read',
  inbox: 'inbox.read',
  audit: 'audit.read',
};
/** What everybody finds on a screen, those decide who set the workspace up. */
const toShare: Permission = 'environments.manage';

/** Filters of a screen under a name. */
@Injectable()
export class ViewsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly views: ViewsRepository,
    private readonly journal: Journal,
  ) {}

  async list(actor: Actor): Promise<View[]> {
    const found = await this.views.list(actor.workspace, actor.member);
    return found.filter(({ screen }) => allowsSomewhere(actor, reads[screen])).map((view) => toReply(view, actor));
  }

  /** Throws `access.denied`, `view.too_many`. */
  async save(
    actor: Actor,
    { screen, name, search, isShared }: Pick<View, 'screen' | 'name' | 'search' | 'isShared'>,
  ): Promise<View> {
    const { workspace, member } = actor;
    if (isShared) assertMayEverywhere(actor, toShare);
    const memberId = isShared ? null : member;
    if ((await this.views.count(workspace, memberId)) >= mostViews) throw new Problem('view.too_many');
    const id = await this.dataSource.transaction(async (tx) => {
      const view = { id: newId('view'), workspaceId: workspace, screen, name, search, memberId, madeBy: member };
      const kept = await this.views.save(tx, view);
      const about = { subject: { kind: 'view', id: kept }, detail: { screen, name, isShared } };
      await this.journal.record(tx, [memberEntry(actor, 'view.saved', about)]);
      return kept;
    });
    return toReply(await this.get(actor, id), actor);
  }

  /** Throws `view.unknown`, `access.denied`. */
  async remove(actor: Actor, id: string): Promise<void> {
    const { screen, name, madeBy, memberId } = await this.get(actor, id);
    if (madeBy !== actor.member) assertMayEverywhere(actor, toShare);
    await this.dataSource.transaction(async (tx) => {
      await this.views.remove(tx, id);
      const about = { subject: { kind: 'view', id }, detail: { screen, name, isShared: memberId === null } };
      await this.journal.record(tx, [memberEntry(actor, 'view.removed', about)]);
    });
  }

  private async get(actor: Actor, id: string): Promise<SavedView> {
    const [view] = await this.views.list(actor.workspace, actor.member, { id });
    if (view === undefined) throw new Problem('view.unknown');
    return view;
  }
}

function toReply(view: SavedView, actor: Actor): View {
  const { id, screen, name, search, memberId, madeBy, makerName, madeAt } = view;
  return {
    id,
    screen,
    name,
    search,
    isShared: memberId === null,
    madeBy: { id: madeBy, name: makerName },
    madeAt: madeAt.toISOString(),
    mayRemove: madeBy === actor.member || allowsEverywhere(actor, toShare),
  };
}
