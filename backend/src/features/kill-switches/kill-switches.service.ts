import { Inject, Injectable } from '@nestjs/common';
import { type KillSwitch, type KillSwitchKind, rolesWith } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import type { NewEntry } from '../../journal/records.js';
import { type Actor, assertMay, assertMayEverywhere } from '../../platform/actor.js';
import { Changes } from '../../platform/changes.js';
import { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { Problem } from '../../platform/problem.js';
import { soloApprovalDelay } from '../../platform/tokens.js';
import { memberEntry } from '../member-entry.js';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { MembersService } from '../members/members.service.js';
import { NoticesService } from '../notices/notices.service.js';
import { KillSwitchTargets } from './kill-switch-targets.service.js';
import {
  type KillSwitchFilter,
  type KillSwitchRow,
  KillSwitchesRepository,
  type NewKillSwitch,
} from './kill-switches.repository.js';
import { liftOf } from './lift-rule.js';

/** Stops, and what lets go again. Broker and door read them at use. */
@Injectable()
export class KillSwitchesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly switches: KillSwitchesRepository,
    private readonly targets: KillSwitchTargets,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly members: MembersService,
    private readonly connectors: ConnectorsService,
    private readonly notices: NoticesService,
    @Inject(soloApprovalDelay) private readonly soloDelaySeconds: number,
  ) {}

  async list(workspace: string, filter: KillSwitchFilter): Promise<KillSwitch[]> {
    const rows = await this.switches.list(workspace, filter);
    const catalogue = rows.some(({ kind }) => kind === 'connector') ? await this.connectors.catalogue(workspace) : {};
    return rows.map((row) => toReply(row, catalogue));
  }

  async set(
    actor: Actor,
    { target, reason }: { target: { kind: KillSwitchKind; id: string }; reason: string },
  ): Promise<KillSwitch> {
    const { id, environment } = await this.targets.resolve(actor.workspace, target);
    assertMayStop(actor, environment);
    const killSwitch: NewKillSwitch = {
      id: newId('killSwitch'),
      workspaceId: actor.workspace,
      kind: target.kind,
      target: id,
      reason,
      setBy: actor.member,
      setByName: actor.name,
      setAt: this.clock.date(),
    };
    await this.dataSource.transaction(async (tx) => {
      if (!(await this.switches.insert(tx, killSwitch))) throw new Problem('killswitch.already_on');
      await this.tell(tx, actor, { ...killSwitch, what: 'killswitch.set' });
      await this.record(tx, killSwitch.id, memberEntry(actor, 'killswitch.set', about(killSwitch)));
    });
    return await this.get(actor.workspace, killSwitch.id);
  }

  /** Lets go; where that takes two people the first call only asks. Throws `killswitch.second_person`. */
  async release(actor: Actor, id: string): Promise<KillSwitch> {
    const { target } = await this.get(actor.workspace, id);
    const environment = await this.targets.environmentOf(actor.workspace, target);
    assertMayStop(actor, environment);
    // Before the transaction: one that waits for a second connection can starve the pool.
    const others = await this.members.countOthers(actor.workspace, {
      permission: 'killswitches.manage',
      environment,
      member: actor.member,
    });
    await this.dataSource.transaction(async (tx) => {
      const killSwitch = await this.switches.lock(tx, actor.workspace, id);
      if (killSwitch === null) throw new Problem('killswitch.unknown');
      if (killSwitch.releasedAt !== null) throw new Problem('killswitch.released');
      const by = { by: actor.member, at: this.clock.date() };
      const lift = liftOf(killSwitch, {
        member: actor.member,
        takesTwo: await this.switches.takesTwo(tx, id),
        others,
        soloDelaySeconds: this.soloDelaySeconds,
        now: this.clock.now(),
      });
      if (lift === 'asks') {
        await this.switches.askLift(tx, id, by);
        await this.tell(tx, actor, { ...killSwitch, what: 'killswitch.lift_asked' });
        return await this.record(tx, id, memberEntry(actor, 'killswitch.lift_asked', about(killSwitch)));
      }
      await this.switches.release(tx, id, by);
      await this.changes.notify(tx, 'releases', actor.workspace);
      await this.record(tx, id, memberEntry(actor, 'killswitch.released', about(killSwitch)));
    });
    return await this.get(actor.workspace, id);
  }

  /** Those who may let go again, and the owner of a flow that stands. */
  private async tell(
    tx: EntityManager,
    actor: Actor,
    {
      id,
      kind,
      target,
      what,
    }: Pick<NewKillSwitch, 'id' | 'kind' | 'target'> & { what: 'killswitch.set' | 'killswitch.lift_asked' },
  ): Promise<void> {
    const flow = kind === 'flow' ? { flow: target } : {};
    await this.notices.tell(tx, {
      workspace: actor.workspace,
      kind: what,
      about: {
        kind: 'kill switch',
        id,
        name: await this.switches.nameOf(tx, id),
        ...flow,
        ...(kind === 'environment' ? { environment: target } : {}),
      },
      audience: { roles: rolesWith('killswitches.manage'), except: actor.member, ...flow },
      detail: { by: actor.name, of: kind },
    });
  }

  private async get(workspace: string, id: string): Promise<KillSwitch> {
    const [killSwitch] = await this.list(workspace, { id, limit: 1 });
    if (killSwitch === undefined) throw new Problem('killswitch.unknown');
    return killSwitch;
  }

  private async record(tx: EntityManager, id: string, entry: NewEntry): Promise<void> {
    await this.changes.notify(tx, 'kill-switches', id);
    await this.journal.record(tx, [entry]);
  }
}

/** What is not of one environment stops all of them. */
function assertMayStop(actor: Actor, environment: string | null): void {
  if (environment === null) assertMayEverywhere(actor, 'killswitches.manage');
  else assertMay(actor, 'killswitches.manage', environment);
}

/** What the log says a deed was about. */
function about({ id, kind, target, reason }: NewKillSwitch) {
  return {
    subject: { kind: 'kill switch', id },
    ...(kind === 'environment' ? { environment: target } : {}),
    detail: { kind, target, reason },
  };
}

function toReply(row: KillSwitchRow, catalogue: Catalogue): KillSwitch {
  const { id, kind, target, reason } = row;
  const name = row.targetName ?? (kind === 'connector' ? catalogue[target]?.title : undefined) ?? target;
  return {
    id,
    target: { kind, id: target, name },
    reason,
    setBy: { id: row.setBy, name: row.setByName },
    setAt: row.setAt.toISOString(),
    takesTwo: row.takesTwo,
    liftAskedBy: row.liftAskedBy === null ? null : { id: row.liftAskedBy, name: row.askerName ?? row.liftAskedBy },
    liftAskedAt: row.liftAskedAt?.toISOString() ?? null,
    releasedBy: row.releasedBy === null ? null : { id: row.releasedBy, name: row.releaserName ?? row.releasedBy },
    releasedAt: row.releasedAt?.toISOString() ?? null,
  };
}
