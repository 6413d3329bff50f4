import type { Allowance, CallLimits, Grant, HighRisk } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Asks } from './asks.js';

/** `approved`: decided, and not in force yet because its deployment waits for the grants of other slots. */
export type StoredGrantStatus = 'pending' | 'approved' | 'active' | 'refused' | 'revoked' | 'expired' | 'replaced';

/** What a grant changes against the one in force, if any. */
export type GrantDifference = Pick<Grant, 'active' | 'changes' | 'unchanged' | 'risk'>;

@Entity('approval_grant')
export class GrantEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text', name: 'flow_id' }) flowId!: string;
  @Column({ type: 'int' }) version!: number;
  @Column({ type: 'text' }) environment!: string;
  @Column({ type: 'text' }) slot!: string;
  @Column({ type: 'text' }) connector!: string;
  @Column({ type: 'text', name: 'connector_version' }) connectorVersion!: string;
  @Column({ type: 'text', name: 'connection_id' }) connectionId!: string;
  @Column({ type: 'text', name: 'deployment_id' }) deploymentId!: string;
  @Column({ type: 'text' }) hash!: string;
  @Column({ type: 'jsonb' }) asks!: Asks;
  /** What was approved: never more than was asked for. */
  @Column({ type: 'jsonb', nullable: true }) allows!: Allowance | null;
  @Column({ type: 'text' }) status!: StoredGrantStatus;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text', name: 'requested_by' }) requestedBy!: string;
  @Column({ type: 'timestamptz', name: 'requested_at' }) requestedAt!: Date;
  @Column({ type: 'text', name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column({ type: 'text', name: 'decision_reason', nullable: true }) decisionReason!: string | null;
  /** What it changed when it was decided: later there is something else to compare it with, first of all itself. */
  @Column({ type: 'jsonb', name: 'decided_changes', nullable: true }) decidedChanges!: GrantDifference | null;
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  /** The grant whose approval it goes on under: the need is the same or less. */
  @Column({ type: 'text', name: 'carried_from', nullable: true }) carriedFrom!: string | null;
  /** What makes it need a second approver where the environment's policy says so. */
  @Column({ type: 'jsonb', name: 'high_risk' }) highRisk!: HighRisk[];
  @Column({ type: 'jsonb', nullable: true }) rate!: CallLimits | null;
  @Column({ type: 'boolean' }) emergency!: boolean;
  @Column({ type: 'text', name: 'reviewed_by', nullable: true }) reviewedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'reviewed_at', nullable: true }) reviewedAt!: Date | null;
  @Column({ type: 'text', name: 'review_note', nullable: true }) reviewNote!: string | null;
}
