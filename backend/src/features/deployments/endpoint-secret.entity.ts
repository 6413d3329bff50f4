import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('endpoint_secret')
export class EndpointSecretEntity {
  @PrimaryColumn({ type: 'text', name: 'endpoint_id' }) endpointId!: string;
  @PrimaryColumn({ type: 'int' }) version!: number;
  @Column({ type: 'text' }) sealed!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  /** Null for the current one. */
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true }) expiresAt!: Date | null;
}
