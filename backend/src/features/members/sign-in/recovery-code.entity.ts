import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('recovery_code')
export class RecoveryCodeEntity {
  @PrimaryColumn({ type: 'text', name: 'member_id' }) memberId!: string;
  @PrimaryColumn({ type: 'text' }) hash!: string;
  @Column({ type: 'timestamptz', name: 'used_at', nullable: true }) usedAt!: Date | null;
}
