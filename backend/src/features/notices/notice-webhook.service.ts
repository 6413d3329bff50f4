import { Injectable } from '@nestjs/common';
import type { NoticeKind, NoticeWebhook } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Vault } from '../../broker/call.js';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { newSigningSecret } from '../../platform/ids.js';
import { memberEntry } from '../member-entry.js';

interface Row {
  url: string;
  kinds: NoticeKind[];
  version: number;
  setBy: string;
  setByName: string;
  setAt: Date;
}

/** Where a workspace wants to be called with what its members are told. */
@Injectable()
export class NoticeWebhookService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: Vault,
    private readonly journal: Journal,
  ) {}

  async find(workspace: string): Promise<NoticeWebhook | null> {
    const [row] = await this.dataSource.query<Row[]>(
      `select w.url, w.kinds, w.secret_version as version, w.set_by as "setBy", m.name as "setByName", w.set_at as "setAt"
       from notice_webhook w join member m on m.id = w.set_by where w.workspace_id = $1`,
      [workspace],
    );
    if (row === undefined) return null;
    const { url, kinds, version, setBy, setByName, setAt } = row;
    return { url, kinds, version, setBy: { id: setBy, name: setByName }, setAt: setAt.toISOString() };
  }

  /** Makes a new secret, which is told once. */
  async set(
    actor: Actor,
    { url, kinds }: { url: string; kinds: readonly NoticeKind[] },
  ): Promise<{ webhook: NoticeWebhook; secret: string }> {
    const { text: secret, key } = newSigningSecret();
    await this.dataSource.transaction(async (tx) => {
      const [row] = await tx.query<{ version: number }[]>(
        `insert into notice_webhook (workspace_id, url, kinds, secret_version, set_by) values ($1, $2, $3, 1, $4)
         on conflict (workspace_id) do update set url = excluded.url, kinds = excluded.kinds,
           secret_version = notice_webhook.secret_version + 1, set_by = excluded.set_by, set_at = now()
         returning secret_version as version`,
        [actor.workspace, url, kinds, actor.member],
      );
      await this.vault.putWebhookSecret(tx, { workspace: actor.workspace, version: row?.version ?? 1, key });
      const detail = { host: new URL(url).host, kinds: [...kinds] };
      await this.journal.record(tx, [memberEntry(actor, 'notice.webhook_set', { ...about(actor), detail })]);
    });
    const webhook = await this.find(actor.workspace);
    if (webhook === null) throw new Error('The webhook was removed at the same moment.');
    return { webhook, secret };
  }

  async remove(actor: Actor): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query('delete from notice_webhook where workspace_id = $1', [actor.workspace]);
      await this.journal.record(tx, [memberEntry(actor, 'notice.webhook_removed', about(actor))]);
    });
  }
}

function about({ workspace }: Actor) {
  return { subject: { kind: 'workspace', id: workspace } };
}
