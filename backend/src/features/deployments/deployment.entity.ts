import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `trial` holds what a trial of a draft runs with: it never becomes active, and no list names it. */
export type DeploymentStatus = 'active' | 'waiting' | 'refused' | 'replaced' | 'trial';

@Entity('deployment')
export class DeploymentEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text', name: 'flow_id' }) flowId!: string;
  @Column({ type: 'text' }) environment!: string;
  @Column({ type: 'int' }) version!: number;
  /** Connection by slot: the only place that joins the two. */
  @Column({ type: 'jsonb' }) bindings!: Record<string, string>;
  @Column({ type: 'text' }) status!: DeploymentStatus;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text', name: 'created_by' }) createdBy!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'activated_at', nullable: true }) activatedAt!: Date | null;
}
