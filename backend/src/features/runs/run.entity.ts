import type { RunStatus } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A run's row as it is read; written by the journal, but for who closed it. */
@Entity('run')
export class RunEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text', name: 'flow_id' }) flowId!: string;
  @Column({ type: 'int' }) version!: number;
  @Column({ type: 'text' }) environment!: string;
  @Column({ type: 'text', name: 'event_id', nullable: true }) eventId!: string | null;
  @Column({ type: 'text', name: 'started_by' }) startedBy!: string;
  @Column({ type: 'text' }) status!: RunStatus;
  /** Wrapped by the environment's payload key. */
  @Column({ type: 'text', name: 'payload_key' }) payloadKey!: string;
  @Column({ type: 'jsonb', nullable: true }) error!: { code: string; message: string; step: string | null } | null;
  @Column({ type: 'text', name: 'parent_run', nullable: true }) parentRun!: string | null;
  @Column({ type: 'text', name: 'parent_step', nullable: true }) parentStep!: string | null;
  @Column({ type: 'boolean', name: 'parent_waits' }) parentWaits!: boolean;
  @Column({ type: 'int' }) depth!: number;
  @Column({ type: 'text', name: 'retry_of', nullable: true }) retryOf!: string | null;
  /** A keyed hash of the business key. */
  @Column({ type: 'text', nullable: true }) key!: string | null;
  /** Of a run that goes in order: microseconds since 1970 until it has begun, then 0. */
  @Column({ type: 'bigint', name: 'in_line', nullable: true }) inLine!: string | null;
  @Column({ type: 'text', nullable: true }) origin!: string | null;
  /** Its retry stands for it. */
  @Column({ type: 'boolean', name: 'tried_again' }) triedAgain!: boolean;
  @Column({ type: 'timestamptz', name: 'closed_at', nullable: true }) closedAt!: Date | null;
  @Column({ type: 'text', name: 'closed_by', nullable: true }) closedBy!: string | null;
  @Column({ type: 'text', name: 'closed_reason', nullable: true }) closedReason!: string | null;
  /** Then it has no payload key either. */
  @Column({ type: 'timestamptz', name: 'erased_at', nullable: true }) erasedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'started_at' }) startedAt!: Date;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true }) endedAt!: Date | null;
}
