import type { KillSwitchKind } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('kill_switch')
export class KillSwitchEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) kind!: KillSwitchKind;
  @Column({ type: 'text' }) target!: string;
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'text', name: 'set_by' }) setBy!: string;
  @Column({ type: 'text', name: 'set_by_name' }) setByName!: string;
  @Column({ type: 'timestamptz', name: 'set_at' }) setAt!: Date;
  @Column({ type: 'text', name: 'lift_asked_by', nullable: true }) liftAskedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'lift_asked_at', nullable: true }) liftAskedAt!: Date | null;
  @Column({ type: 'text', name: 'released_by', nullable: true }) releasedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'released_at', nullable: true }) releasedAt!: Date | null;
}
