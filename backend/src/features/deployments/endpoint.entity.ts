import type { WebhookScheme } from '@sluice/shared/connector';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('endpoint')
export class EndpointEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text', name: 'flow_id' }) flowId!: string;
  @Column({ type: 'text' }) environment!: string;
  @Column({ type: 'text', name: 'step_id' }) stepId!: string;
  /** Scheme and settings are those of the active deployment; before there is one, of the first that waits. */
  @Column({ type: 'text' }) scheme!: WebhookScheme;
  /** The trigger step's settings with all defaults filled in. */
  @Column({ type: 'jsonb' }) config!: object;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}
