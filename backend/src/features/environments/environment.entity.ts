import type { EnvironmentPolicy, GivenPolicy } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A change of the policy that waits for a second person. Times as ISO 8601. */
export interface StoredProposal {
  id: string;
  /** The rules that are to change, with what they are to be; null: not to be there. */
  change: Partial<GivenPolicy>;
  by: { id: string; name: string };
  at: string;
  aloneFrom: string;
  until: string;
}

@Entity('environment')
export class EnvironmentEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'int' }) position!: number;
  @Column({ type: 'jsonb' }) policy!: EnvironmentPolicy;
  @Column({ type: 'jsonb', nullable: true }) proposal!: StoredProposal | null;
}
