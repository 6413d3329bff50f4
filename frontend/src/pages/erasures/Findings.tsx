import { Button } from '@mantine/core';
import type { Erasure, ErasureFinding } from '@sluice/shared/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { findingsQuery } from '../../api/queries.js';
import { plural } from '../../lib/format-count.js';
import { shortenId } from '../../lib/shorten-id.js';
import { Card } from '../../ui/Card.js';
import { LoadingRows } from '../../ui/Loading.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { Time } from '../../ui/Time.js';
import { placeWords } from './place-words.js';
import classes from './Erasures.module.css';

const kinds = { run: 'Run', delivery: 'Delivery', state: 'State' } as const;

/** Where the value stands: which run, flow and step, and when. Never the value. */
export function Findings({ erasure }: { erasure: Erasure }) {
  // Renewed as the search goes on.
  const findings = useInfiniteQuery(
    findingsQuery({ id: erasure.id, seen: `${erasure.found} ${erasure.erased} ${erasure.open}` }),
  );
  const rows = findings.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card
      flush
      title="Where it stands"
      aside={
        findings.hasNextPage ? `${rows.length} of ${plural(erasure.found, 'place')}` : plural(erasure.found, 'place')
      }
      foot={
        findings.hasNextPage && (
          <Button
            size="sm"
            variant="default"
            loading={findings.isFetchingNextPage}
            onClick={() => void findings.fetchNextPage()}
          >
            Show more
          </Button>
        )
      }
    >
      {findings.isPending && <LoadingRows what="places" rows={3} />}
      <ul>
        {rows.map((finding) => (
          <FindingRow key={`${finding.kind} ${finding.id}`} finding={finding} />
        ))}
      </ul>
    </Card>
  );
}

function FindingRow({ finding }: { finding: ErasureFinding }) {
  const { kind, flow, places, at, erasedAt, isOpen } = finding;
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <div>
          <span className="voice-2">{kinds[kind]}</span> <FindingLink finding={finding} />{' '}
          <span className="voice-2">{flow?.name}</span>
        </div>
        <div>{placeWords(places)}</div>
      </div>
      <span className="label">
        <Time at={at} />
      </span>
      <div className={classes.state}>
        {erasedAt !== null && <StatusBadge status="succeeded">Erased</StatusBadge>}
        {erasedAt === null && isOpen && <StatusBadge status="running">Goes on</StatusBadge>}
        {erasedAt === null && !isOpen && <StatusBadge status="pending">Kept</StatusBadge>}
      </div>
    </li>
  );
}

function FindingLink({ finding: { kind, id } }: { finding: ErasureFinding }) {
  const name = <code title={id}>{kind === 'state' ? id.slice(0, 8) : shortenId(id)}</code>;
  if (kind === 'run')
    return (
      <Link to="/runs/$runId" params={{ runId: id }}>
        {name}
      </Link>
    );
  if (kind === 'delivery')
    return (
      <Link to="/inbox" search={{ q: id, open: id }}>
        {name}
      </Link>
    );
  return name;
}
