import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The log's rows as they are read. Nothing is written through here: entries are the journal's. */
@Entity('audit_entry')
export class AuditEntryEntity {
  @PrimaryColumn({ type: 'text' }) lane!: string;
  @PrimaryColumn({ type: 'bigint' }) block!: string;
  @PrimaryColumn({ type: 'int' }) pos!: number;
  /** When its block was written: what its day's table goes by. */
  @Column({ type: 'timestamptz', name: 'stored_at' }) storedAt!: Date;
  @Column({ type: 'text' }) id!: string;
  @Column({ type: 'text', name: 'workspace_id', nullable: true }) workspaceId!: string | null;
  @Column({ type: 'timestamptz' }) at!: Date;
  @Column({ type: 'text' }) actor!: string;
  @Column({ type: 'text' }) action!: string;
  @Column({ type: 'text', nullable: true }) subject!: string | null;
  @Column({ type: 'text', nullable: true }) environment!: string | null;
  @Column({ type: 'text', name: 'run_id', nullable: true }) runId!: string | null;
  /** Canonical JSON: exactly what was hashed. */
  @Column({ type: 'text' }) body!: string;
}
