import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Only the hash of a link's token is kept. */
@Entity('setup_link')
export class SetupLinkEntity {
  @PrimaryColumn({ type: 'text' }) hash!: string;
  /** Null: the first owner's link. */
  @Column({ type: 'text', name: 'member_id', nullable: true }) memberId!: string | null;
  @Column({ type: 'timestamptz', name: 'expires_at' }) expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'used_at', nullable: true }) usedAt!: Date | null;
}
