import type { AuditEntry } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { IdCode } from '../../ui/Code.js';

/** What is told by the name of its flow. */
const named: ReadonlySet<string> = new Set(['flow', 'run', 'endpoint']);

/** What an entry is about, as a way to it where it has a screen; of a member, to what he did. */
export function SubjectLink({
  subject: { kind, id },
  flow,
}: {
  subject: NonNullable<AuditEntry['subject']>;
  /** Of the run, the endpoint or the flow. */
  flow: AuditEntry['flow'];
}) {
  const name = flow && named.has(kind) ? <span title={id}>{flow.name}</span> : <IdCode id={id} />;
  switch (kind) {
    case 'flow':
      return (
        <Link to="/flows/$flowId" params={{ flowId: id }}>
          {name}
        </Link>
      );
    case 'run':
      return (
        <Link to="/runs/$runId" params={{ runId: id }}>
          {name}
        </Link>
      );
    case 'endpoint':
      return flow ? (
        <Link to="/flows/$flowId" params={{ flowId: flow.id }}>
          {name}
        </Link>
      ) : (
        <IdCode id={id} label="id" />
      );
    case 'erasure':
      return (
        <Link to="/audit/erasures" search={{ open: id }}>
          {name}
        </Link>
      );
    case 'grant':
      return (
        <Link to="/approvals" search={{ open: id }}>
          {name}
        </Link>
      );
    case 'connection':
      return (
        <Link to="/connections" search={{ open: id }}>
          {name}
        </Link>
      );
    case 'member':
      return (
        <Link to="/audit" search={{ actor: id }}>
          {name}
        </Link>
      );
    default:
      return <IdCode id={id} label="id" />;
  }
}
