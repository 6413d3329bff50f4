import type { CallLimits } from '@sluice/shared/api';
import type { AuthKind } from '@sluice/shared/connector';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export interface TestResult {
  at: string;
  ok: boolean;
  message: string;
}

export interface LastError {
  at: string;
  code: string;
  message: string;
}

/** Everything about a connection but its secret, which only the broker reads. */
@Entity('connection')
export class ConnectionEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) environment!: string;
  @Column({ type: 'text' }) connector!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', name: 'auth_kind' }) authKind!: AuthKind;
  /** As the connector's own schema gave it back: defaults filled in. */
  @Column({ type: 'jsonb' }) config!: object;
  @Column({ type: 'text', array: true }) hosts!: string[];
  @Column({ type: 'jsonb', nullable: true }) limits!: CallLimits | null;
  @Column({ type: 'text', name: 'owner_id' }) ownerId!: string;
  @Column({ type: 'int', name: 'secret_version' }) secretVersion!: number;
  @Column({ type: 'jsonb', name: 'last_test', nullable: true }) lastTest!: TestResult | null;
  @Column({ type: 'jsonb', name: 'last_error', nullable: true }) lastError!: LastError | null;
  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'rotated_at' }) rotatedAt!: Date;
  @Column({ type: 'int', name: 'rotate_days', nullable: true }) rotateDays!: number | null;
  @Column({ type: 'timestamptz', name: 'due_at', nullable: true }) dueAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
