import { Button, NumberInput } from '@mantine/core';
import type { CallLimits } from '@sluice/shared/api';
import { useState } from 'react';
import classes from './Settings.module.css';

const most = 10_000;

/** A limit of calls: so many a second, so many at once after a pause; or none. */
export function LimitsFields(props: {
  of: string;
  limits: CallLimits | null;
  busy: boolean;
  onChange: (limits: CallLimits | null) => void;
}) {
  const [rate, setRate] = useState<number | string>(props.limits?.callsPerSecond ?? '');
  const [burst, setBurst] = useState<number | string>(props.limits?.burst ?? '');
  const isWhole = typeof rate === 'number' && rate >= 0.001 && typeof burst === 'number' && burst >= 1;
  const isSame = rate === (props.limits?.callsPerSecond ?? '') && burst === (props.limits?.burst ?? '');
  return (
    <form
      className={classes.limits}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) props.onChange({ callsPerSecond: rate, burst });
      }}
    >
      <NumberInput
        size="sm"
        label="Calls a second"
        aria-label={`Calls a second, ${props.of}`}
        placeholder="no limit"
        min={0.001}
        max={most}
        decimalScale={3}
        value={rate}
        onChange={setRate}
      />
      <NumberInput
        size="sm"
        label="At once"
        aria-label={`Calls at once after a pause, ${props.of}`}
        placeholder="no limit"
        min={1}
        max={most}
        allowDecimal={false}
        value={burst}
        onChange={setBurst}
      />
      <Button type="submit" size="sm" variant="default" loading={props.busy} disabled={!isWhole || isSame}>
        Limit
      </Button>
      {props.limits !== null && (
        <Button
          size="sm"
          variant="default"
          disabled={props.busy}
          onClick={() => {
            setRate('');
            setBurst('');
            props.onChange(null);
          }}
        >
          No limit
        </Button>
      )}
    </form>
  );
}

/** `10 a second, 20 at once` */
export function limitWords(limits: CallLimits | null): string {
  return limits === null ? 'as fast as the flows go' : `${limits.callsPerSecond} a second, ${limits.burst} at once`;
}
