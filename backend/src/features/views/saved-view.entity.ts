import type { ViewScreen } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('saved_view')
export class SavedViewEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) screen!: ViewScreen;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'jsonb' }) search!: Record<string, string>;
  /** Whose it is; null: everybody's. */
  @Column({ type: 'text', name: 'member_id', nullable: true }) memberId!: string | null;
  @Column({ type: 'text', name: 'made_by' }) madeBy!: string;
  @Column({ type: 'timestamptz', name: 'made_at' }) madeAt!: Date;
}
