import { Button } from '@mantine/core';
import type { RunPass, RunStep } from '@sluice/shared/api';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { toProblem } from '../../api/problem.js';
import { passesQuery } from '../../api/queries.js';
import { formatCount, plural } from '../../lib/format-count.js';
import { LoadFailed } from '../../ui/LoadFailed.js';
import { LoadingRows } from '../../ui/Loading.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { StatusIcon } from '../../ui/StatusBadge.js';
import type { useOpenedPasses } from './use-opened-passes.js';
import classes from './Passes.module.css';

/** The passes through a loop, failed ones first; one of them opens to its steps. */
export function Passes(props: {
  runId: string;
  loop: RunStep;
  passes: ReturnType<typeof useOpenedPasses>;
  onSelect: (key: string) => void;
}) {
  const { loop, passes } = props;
  const query = useInfiniteQuery(passesQuery({ run: props.runId, step: loop.key }));
  const problem = query.error && toProblem(query.error);
  const opened = passes.opened.find((each) => each.loop === loop.key)?.pass;
  const pages = query.data?.pages ?? [];
  const first = pages[0];
  return (
    <PanelPart title="Passes" aside={loop.passes && countWords(loop.passes)}>
      {query.isPending && <LoadingRows what="the passes" />}
      {problem && (
        <LoadFailed
          what="The passes"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={() => void query.refetch()}
        />
      )}
      {first?.total === 0 && <p className="voice-3">It has not begun one: the list was empty, or it waits.</p>}
      <ul className={classes.passes}>
        {pages.flatMap((page, at) =>
          page.items.map((pass) => (
            <PassRow
              key={pass.at}
              pass={pass}
              shown={opened?.at === pass.at ? opened : null}
              onTurn={(isOpen) =>
                isOpen ? passes.open(loop.key, pass, pages[at - 1]?.next ?? undefined) : passes.close(loop.key)
              }
              onSelect={props.onSelect}
            />
          )),
        )}
      </ul>
      {query.hasNextPage && (
        <Button
          size="sm"
          variant="default"
          fullWidth
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more of {formatCount(first?.total ?? 0)}
        </Button>
      )}
    </PanelPart>
  );
}

function countWords({ total, begun, failed }: NonNullable<RunStep['passes']>): string {
  const far = total === null ? plural(begun, 'pass', 'passes') : `${formatCount(begun)} of ${formatCount(total)}`;
  return failed === 0 ? far : `${far}, ${formatCount(failed)} failed`;
}

function errorWords({ error }: RunPass): string | null {
  return error && `${error.step}: ${error.message}`;
}

function PassRow(props: {
  pass: RunPass;
  /** The pass as it stands now, while it is open. */
  shown: RunPass | null;
  onTurn: (isOpen: boolean) => void;
  onSelect: (key: string) => void;
}) {
  const { pass, shown } = props;
  const Chevron = shown ? IconChevronDown : IconChevronRight;
  return (
    <li>
      <button
        type="button"
        className={classes.pass}
        aria-expanded={shown !== null}
        aria-label={[`Pass ${pass.index + 1}, ${pass.status.replace('_', ' ')}`, errorWords(pass)]
          .filter(Boolean)
          .join(', ')}
        onClick={() => props.onTurn(shown === null)}
      >
        <Chevron size={14} stroke={2} aria-hidden />
        <span className={classes.index}>{pass.index + 1}</span>
        <span className={classes.error}>{errorWords(pass)}</span>
        <StatusIcon status={pass.status} />
      </button>
      {shown && (
        <ul className={classes.steps}>
          {shown.steps.map((step) => (
            <li key={step.key}>
              <button type="button" className={classes.step} onClick={() => props.onSelect(step.key)}>
                <span>{step.name ?? step.id}</span>
                <StatusIcon status={step.status} />
              </button>
            </li>
          ))}
          {shown.steps.length === 0 && <li className="voice-3">No step of it has begun.</li>}
        </ul>
      )}
    </li>
  );
}
