import type { Manifest } from '@sluice/shared/flow';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('flow_version')
export class FlowVersionEntity {
  @PrimaryColumn({ type: 'text', name: 'flow_id' }) flowId!: string;
  @PrimaryColumn({ type: 'int' }) version!: number;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) hash!: string;
  /** Large: read only where it is needed. */
  @Column({ type: 'json', select: false }) document!: object;
  @Column({ type: 'jsonb' }) manifest!: Manifest;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ type: 'text', name: 'created_by' }) createdBy!: string;
  /** Who saved the draft last before it was published. */
  @Column({ type: 'text', name: 'edited_by', nullable: true }) editedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}
