import type { NoticeKind, Role } from '@sluice/shared/api';
import type { SqlRunner } from '../platform/changes.js';

/** What a notice is about and where its link leads; names of things, never what a run carried. */
export interface NoticeAbout {
  kind: 'flow' | 'run' | 'connection' | 'kill switch' | 'environment' | 'workspace';
  id: string;
  /** As people call it; a flow's is looked up. */
  name?: string;
  flow?: string;
  environment?: string;
  run?: string;
  step?: string;
}

/** Whom it concerns: all of these together, and each once. */
export interface NoticeAudience {
  /** Owner and deputies of a flow. */
  flow?: string;
  /** Held in the whole workspace or, of what has an environment, there. */
  roles?: readonly Role[];
  members?: readonly string[];
  /** Whoever did it knows already. */
  except?: string;
}

/** Something that members have to hear of. */
export interface NoticeCause {
  workspace: string;
  kind: NoticeKind;
  about: NoticeAbout;
  audience: NoticeAudience;
  /** Counts, dates and names of ours. */
  detail?: Readonly<Record<string, string | number>>;
  /** Milliseconds since 1970; the database's time when left out. */
  at?: number;
}

const insert = `
insert into notice_cause (workspace_id, kind, about, audience, detail, at)
select workspace, kind, about, audience, detail, coalesce(to_timestamp(at / 1000.0), now())
from jsonb_to_recordset($1::jsonb) as c (workspace text, kind text, about jsonb, audience jsonb, detail jsonb, at float8)`;

/** Writes causes in the transaction of `tx`, with what they tell of. Whoever commits it tells `notice-causes`. */
export async function insertCauses(tx: SqlRunner, causes: readonly NoticeCause[]): Promise<void> {
  if (causes.length === 0) return;
  await tx.query(insert, [JSON.stringify(causes.map((cause) => ({ detail: {}, ...cause })))]);
}
