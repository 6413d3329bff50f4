import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { plural } from '../lib/format-count.js';
import classes from './LiveRows.module.css';

/** `12 new`, above a live list whose reader is further down. */
export function NewRows(props: { count: number; onShow: () => void }) {
  if (props.count === 0) return null;
  return (
    <Button
      className={classes.fresh}
      size="sm"
      leftSection={<IconArrowUp size={14} stroke={2} />}
      onClick={props.onShow}
    >
      {props.count} new
    </Button>
  );
}

/** The foot of a list that goes on: loads more as it comes into view, or by its button. */
export function MoreRows(props: {
  shown: number;
  noun: string;
  nouns?: string;
  hasMore: boolean;
  busy: boolean;
  onMore: () => void;
}) {
  const mark = useRef<HTMLSpanElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (!mark.current) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.at(-1)?.isIntersecting && latest.current.hasMore && !latest.current.busy) latest.current.onMore();
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, []);
  return (
    <>
      <span ref={mark} className="numbers">
        {plural(props.shown, props.noun, props.nouns)}
        {props.hasMore ? ' so far' : ''}
      </span>
      {props.hasMore ? (
        <Button size="sm" variant="default" loading={props.busy} onClick={props.onMore}>
          Show older
        </Button>
      ) : (
        <span>That is all</span>
      )}
    </>
  );
}
