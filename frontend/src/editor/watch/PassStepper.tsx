import { ActionIcon } from '@mantine/core';
import type { RunPass, RunStep } from '@sluice/shared/api';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { toProblem } from '../../api/problem.js';
import { passesQuery } from '../../api/queries.js';
import { formatCount } from '../../lib/format-count.js';
import { LoadingRows } from '../../ui/Loading.js';
import { Notice } from '../../ui/Notice.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import classes from './Watch.module.css';

/** One pass of a loop after the other, failed ones first; the drawing shows the one that is chosen. */
export function PassStepper(props: {
  run: string;
  loop: RunStep;
  shown: RunPass | undefined;
  onShow: (loop: string, pass: RunPass) => void;
}) {
  const { loop, shown, onShow } = props;
  const query = useInfiniteQuery(passesQuery({ run: props.run, step: loop.key }));
  const pages = query.data?.pages ?? [];
  const passes = pages.flatMap(({ items }) => items);
  const total = pages[0]?.total ?? 0;
  const at = Math.max(
    0,
    passes.findIndex((each) => each.at === shown?.at),
  );
  // As it stands now: a run that goes on is read again.
  const pass = passes[at];
  useEffect(() => {
    if (pass !== undefined && pass !== shown) onShow(loop.key, pass);
  }, [pass, shown, onShow, loop.key]);
  async function go(to: number) {
    const read = passes[to] === undefined ? (await query.fetchNextPage()).data?.pages : pages;
    const next = read?.flatMap(({ items }) => items)[to];
    if (next !== undefined) onShow(loop.key, next);
  }
  if (query.error) return <Notice tone="failed" title={toProblem(query.error).message} />;
  if (query.isPending) return <LoadingRows what="the passes" rows={1} />;
  if (total === 0) return <p className="voice-3">It has not begun a pass: the list was empty, or it waits.</p>;
  return (
    <div className={classes.passes} role="group" aria-label="Passes">
      <ActionIcon variant="default" aria-label="The pass before" disabled={at === 0} onClick={() => void go(at - 1)}>
        <IconChevronLeft size={15} stroke={2} />
      </ActionIcon>
      <span role="status">
        Pass {formatCount((pass?.index ?? 0) + 1)} of {formatCount(total)}
      </span>
      {pass && <StatusBadge status={pass.status} plain />}
      <ActionIcon
        variant="default"
        aria-label="The next pass"
        disabled={at + 1 >= total || query.isFetchingNextPage}
        onClick={() => void go(at + 1)}
      >
        <IconChevronRight size={15} stroke={2} />
      </ActionIcon>
      {pass?.error && <p className={classes.error}>{pass.error.message}</p>}
    </div>
  );
}
