import type { EnvironmentPolicy } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('environment')
export class EnvironmentEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'int' }) position!: number;
  @Column({ type: 'jsonb' }) policy!: EnvironmentPolicy;
}
