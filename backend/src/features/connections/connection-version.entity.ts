import type { AuthKind } from '@sluice/shared/connector';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who set which version of a secret and when; never what it was. */
@Entity('connection_version')
export class ConnectionVersionEntity {
  @PrimaryColumn({ type: 'text', name: 'connection_id' }) connectionId!: string;
  @PrimaryColumn({ type: 'int' }) version!: number;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text', name: 'auth_kind' }) authKind!: AuthKind;
  /** What people may see of it. */
  @Column({ type: 'jsonb', nullable: true }) shown!: object | null;
  @Column({ type: 'text', name: 'created_by' }) createdBy!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  /** Another took its place: until then it can be gone back to. */
  @Column({ type: 'timestamptz', name: 'kept_until', nullable: true }) keptUntil!: Date | null;
  @Column({ type: 'timestamptz', name: 'destroyed_at', nullable: true }) destroyedAt!: Date | null;
}
