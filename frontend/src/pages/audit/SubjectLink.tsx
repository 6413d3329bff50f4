import type { AuditEntry } from '@sluice/shared/api';
import { Link } from '@tanstack/react-router';
import { IdCode } from '../../ui/Code.js';

/** What an entry is about, as a way to it where it has a screen; of a member, to what he did. */
export function SubjectLink({ subject: { kind, id } }: { subject: NonNullable<AuditEntry['subject']> }) {
  const name = <IdCode id={id} />;
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
