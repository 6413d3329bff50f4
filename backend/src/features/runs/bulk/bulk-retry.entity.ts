import type { BulkRetry, RetryFilter } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('bulk_retry')
export class BulkRetryEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) environment!: string;
  @Column({ type: 'text', name: 'member_id' }) memberId!: string;
  @Column({ type: 'jsonb' }) filter!: RetryFilter;
  @Column({ type: 'text', name: 'retry_from' }) from!: BulkRetry['from'];
  @Column({ type: 'text', name: 'retry_version' }) version!: BulkRetry['version'];
  @Column({ type: 'text' }) status!: BulkRetry['status'];
  @Column({ type: 'int' }) total!: number;
  @Column({ type: 'int' }) retried!: number;
  @Column({ type: 'int', name: 'left_over' }) left!: number;
  @Column({ type: 'timestamptz', name: 'after_at', nullable: true }) afterAt!: Date | null;
  @Column({ type: 'text', name: 'after_id', nullable: true }) afterId!: string | null;
  @Column({ type: 'timestamptz', name: 'lease_until', nullable: true }) leaseUntil!: Date | null;
  @Column({ type: 'timestamptz', name: 'started_at' }) startedAt!: Date;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true }) endedAt!: Date | null;
}
