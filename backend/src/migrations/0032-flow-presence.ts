import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has which flow open: worth nothing after a crash, so it isn't logged to disk. */
export class FlowPresence0032 implements MigrationInterface {
  readonly name = 'FlowPresence1700000000032';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create unlogged table flow_presence (
  flow_id text not null references flow,
  workspace_id text not null references workspace,
  member_id text not null references member,
  -- One of the member's, by a random id.
  tab text not null,
  -- The step whose panel is open.
  step text,
  seen_at timestamptz not null,
  primary key (flow_id, member_id, tab)
);
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
