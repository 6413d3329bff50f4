import type { TriggerEvent } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One delivery as it lies in the inbox; written by the journal alone. */
@Entity('trigger_event')
export class TriggerEventEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id', nullable: true }) workspaceId!: string | null;
  @Column({ type: 'text', name: 'flow_id', nullable: true }) flowId!: string | null;
  @Column({ type: 'text', nullable: true }) environment!: string | null;
  @Column({ type: 'text', name: 'endpoint_id' }) endpointId!: string;
  @Column({ type: 'text', nullable: true }) scheme!: string | null;
  @Column({ type: 'text' }) status!: TriggerEvent['status'];
  @Column({ type: 'text', name: 'reason_code', nullable: true }) reasonCode!: string | null;
  @Column({ type: 'text', name: 'reason_message', nullable: true }) reasonMessage!: string | null;
  @Column({ type: 'text', name: 'message_id', nullable: true }) messageId!: string | null;
  @Column({ type: 'text', name: 'first_id', nullable: true }) firstId!: string | null;
  @Column({ type: 'text', name: 'run_id', nullable: true }) runId!: string | null;
  @Column({ type: 'text', nullable: true }) address!: string | null;
  @Column({ type: 'int' }) bytes!: number;
  @Column({ type: 'jsonb' }) checks!: TriggerEvent['checks'];
  @Column({ type: 'timestamptz', name: 'erased_at', nullable: true }) erasedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'received_at' }) receivedAt!: Date;
}
