import { IconMinus } from '@tabler/icons-react';
import classes from './RiskBars.module.css';

export type Risk = 'low' | 'medium' | 'high' | 'critical';

const looks: Record<Risk, { bars: number; word: string }> = {
  low: { bars: 1, word: 'Low' },
  medium: { bars: 2, word: 'Medium' },
  high: { bars: 3, word: 'High' },
  critical: { bars: 4, word: 'Critical' },
};

/** Four bars and the word; `less` is for what is given back. */
export function RiskBars(props: { risk: Risk | 'less'; suffix?: string }) {
  if (props.risk === 'less') {
    return (
      <span className={classes.risk} data-risk="less">
        <IconMinus size={14} stroke={2} aria-hidden />
        Less
      </span>
    );
  }
  const look = looks[props.risk];
  return (
    <span className={classes.risk} data-risk={props.risk}>
      <span className={classes.bars} aria-hidden>
        {[1, 2, 3, 4].map((bar) => (
          <i key={bar} data-on={bar <= look.bars || undefined} />
        ))}
      </span>
      {look.word}
      {props.suffix && ` ${props.suffix}`}
    </span>
  );
}
