import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connectors that a workspace made from OpenAPI documents; see decision 26. */
export class ImportedConnectors0019 implements MigrationInterface {
  readonly name = 'ImportedConnectors1700000000019';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
-- The version that drafts are checked against. What was published goes on with its own.
create table imported_connector (
  workspace_id text not null references workspace (id),
  id text not null,
  version text not null,
  -- What somebody decided beside the document; it holds for the next import too.
  choices jsonb not null default '{}',
  primary key (workspace_id, id)
);
create table imported_connector_version (
  workspace_id text not null references workspace (id),
  connector text not null,
  -- sha256: of the declaration's text.
  version text not null,
  declaration text not null,
  report jsonb not null,
  -- The address it was read from; null for an upload.
  source text,
  document_hash text not null,
  imported_by text not null,
  imported_by_name text not null,
  imported_at timestamptz not null,
  primary key (workspace_id, connector, version)
);

create function connector_version_is_fixed() returns trigger language plpgsql as $$
begin
  raise exception 'A version of a connector never changes' using errcode = 'insufficient_privilege';
end $$;
create trigger imported_connector_version_fixed before update of declaration, version, connector, workspace_id
  on imported_connector_version for each row execute function connector_version_is_fixed();
`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only; restore a backup to go back.');
  }
}
