import type { Permission } from '@sluice/shared/api';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('api_token')
export class TokenEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id' }) workspaceId!: string;
  @Column({ type: 'text', name: 'member_id' }) memberId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) prefix!: string;
  @Column({ type: 'text' }) hash!: string;
  @Column({ type: 'text', array: true }) permissions!: Permission[];
  @Column({ type: 'text', array: true, nullable: true }) environments!: string[] | null;
  @Column({ type: 'text', array: true }) cidrs!: string[];
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at' }) expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;
  @Column({ type: 'text', name: 'last_used_from', nullable: true }) lastUsedFrom!: string | null;
}
