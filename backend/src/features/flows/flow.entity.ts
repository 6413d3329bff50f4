import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('flow')
export class FlowEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', name: 'owner_id' }) ownerId!: string;
  /** Large: read only where it is needed. */
  @Column({ type: 'json', select: false }) draft!: object;
  /** Grows with each save of the draft. */
  @Column({ type: 'int' }) revision!: number;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'updated_at' }) updatedAt!: Date;
  @Column({ type: 'text', name: 'edited_by', nullable: true }) editedBy!: string | null;
  @Column({ type: 'timestamptz', name: 'removed_at', nullable: true }) removedAt!: Date | null;
}
