import { Injectable } from '@nestjs/common';
import type { ImportReport } from '@sluice/shared/openapi';
import { DataSource, type EntityManager } from 'typeorm';

/** What a workspace decided beside a document. */
export type StoredChoices = Readonly<Record<string, unknown>>;

export interface CurrentVersion {
  id: string;
  version: string;
  choices: StoredChoices;
}

export interface VersionRow {
  version: string;
  report: ImportReport;
  source: string | null;
  importedBy: string;
  importedByName: string;
  importedAt: Date;
}

@Injectable()
export class ImportedConnectorsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The version of each that drafts are checked against. */
  async listCurrent(workspace: string, tx?: EntityManager): Promise<CurrentVersion[]> {
    return await this.runner(tx).query(
      'select id, version, choices from imported_connector where workspace_id = $1 order by id',
      [workspace],
    );
  }

  /** The stored texts of declarations; what isn't there is left out. */
  async listTexts(
    workspace: string,
    wanted: readonly { id: string; version: string }[],
    tx?: EntityManager,
  ): Promise<{ id: string; version: string; text: string }[]> {
    return await this.runner(tx).query(
      `select connector as id, version, declaration as text from imported_connector_version
       where workspace_id = $1 and (connector, version) in (select * from unnest($2::text[], $3::text[]))`,
      [workspace, wanted.map(({ id }) => id), wanted.map(({ version }) => version)],
    );
  }

  /** Two who import at once do so one after the other. */
  async lock(tx: EntityManager, workspace: string): Promise<void> {
    await tx.query('select id from workspace where id = $1 for no key update', [workspace]);
  }

  async put(
    tx: EntityManager,
    one: {
      workspace: string;
      id: string;
      version: string;
      text: string;
      report: ImportReport;
      choices: StoredChoices;
      source: string | null;
      documentHash: string;
      by: { id: string; name: string };
      at: Date;
    },
  ): Promise<void> {
    const { workspace, id, version, text, report, choices, source, documentHash, by, at } = one;
    await tx.query(
      `insert into imported_connector_version
         (workspace_id, connector, version, declaration, report, source, document_hash, imported_by, imported_by_name, imported_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
      [workspace, id, version, text, report, source, documentHash, by.id, by.name, at],
    );
    await tx.query(
      `insert into imported_connector (workspace_id, id, version, choices) values ($1, $2, $3, $4)
       on conflict (workspace_id, id) do update set version = excluded.version, choices = excluded.choices`,
      [workspace, id, version, choices],
    );
  }

  /** Newest first. */
  async listVersions(workspace: string, id: string): Promise<VersionRow[]> {
    return await this.runner().query(
      `select version, report, source, imported_by as "importedBy", imported_by_name as "importedByName", imported_at as "importedAt"
       from imported_connector_version where workspace_id = $1 and connector = $2 order by imported_at desc limit 100`,
      [workspace, id],
    );
  }

  private runner(tx?: EntityManager): Pick<EntityManager, 'query'> {
    return tx ?? this.dataSource.manager;
  }
}
