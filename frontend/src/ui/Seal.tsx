import { IconShieldCheck, IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import { formatCount } from '../lib/format-count.js';
import { Time } from './Time.js';
import classes from './Seal.module.css';

export interface SealState {
  state: 'verified' | 'unchecked' | 'failed';
  checkedAt: string | null;
  entries: number;
  failedAt: string | null;
}

const looks = {
  verified: [IconShieldCheck, 'Log verified'],
  unchecked: [IconShieldQuestion, 'Log not checked yet'],
  failed: [IconShieldX, 'Log check failed'],
} as const;

/** What the last check of the log said; `small` is the rail's. */
export function Seal(props: { seal: SealState; small?: boolean }) {
  const [Glyph, words] = looks[props.seal.state];
  const title = props.seal.state === 'failed' && props.seal.failedAt ? `${words} at ${props.seal.failedAt}` : words;
  return (
    <span className={classes.seal} data-state={props.seal.state} data-small={props.small || undefined}>
      <Glyph size={16} stroke={1.75} aria-hidden />
      {props.small ? (
        <span className="for-readers">{title}</span>
      ) : (
        <span className={classes.text}>
          <strong>{title}</strong>
          <span className={classes.when}>
            {props.seal.checkedAt && (
              <>
                <Time at={props.seal.checkedAt} as="short" />,{' '}
              </>
            )}
            {formatCount(props.seal.entries)} entries
          </span>
        </span>
      )}
    </span>
  );
}
