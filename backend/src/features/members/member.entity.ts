import type { EnvironmentRole, Role } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HeldUntil } from './held-lately.js';

@Entity('member')
export class MemberEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) email!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', array: true }) roles!: Role[];
  /** By the name of an environment: roles that count there and nowhere else. */
  @Column({ type: 'jsonb', name: 'environment_roles' }) environmentRoles!: Record<string, EnvironmentRole[]>;
  @Column({ type: 'text', name: 'password_hash', nullable: true }) passwordHash!: string | null;
  @Column({ type: 'text', name: 'totp_sealed', nullable: true }) totpSealed!: string | null;
  @Column({ type: 'text', name: 'totp_pending_sealed', nullable: true }) totpPendingSealed!: string | null;
  /** The time step of the last accepted code; it and all before it are spent. */
  @Column({ type: 'bigint', name: 'totp_last_step', nullable: true }) totpLastStep!: string | null;
  @Column({ type: 'timestamptz', name: 'totp_enrolled_at', nullable: true }) totpEnrolledAt!: Date | null;
  /** In a row; 5 slow the next try down, 100 switch the factor off. */
  @Column({ type: 'int', name: 'wrong_codes' }) wrongCodes!: number;
  @Column({ type: 'timestamptz', name: 'disabled_at', nullable: true }) disabledAt!: Date | null;
  /** Since when it may decide grants; null: from the start, or not at all. */
  @Column({ type: 'timestamptz', name: 'decider_since', nullable: true }) deciderSince!: Date | null;
  /** Still counts where an act takes a second person. */
  @Column({ type: 'jsonb', name: 'held_lately' }) heldLately!: HeldUntil[];
  @Column({ type: 'timestamptz', name: 'last_seen_at', nullable: true }) lastSeenAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}
