import type { MappingMode } from './mapping-mode.js';
import classes from './ModeSwitch.module.css';

const modes = [
  ['literal', 'Aa', 'As it stands (Alt+1)'],
  ['template', '{ }', 'Text with data in it (Alt+2)'],
  ['expression', 'ƒ', 'Expression (Alt+3)'],
] as const;

/** How a value is given: three ways, one at a time. */
export function ModeSwitch(props: {
  label: string;
  mode: MappingMode;
  isOff?: boolean | undefined;
  onChange: (mode: MappingMode) => void;
}) {
  return (
    <span className={classes.switch} role="radiogroup" aria-label={`How ${props.label} is given`}>
      {modes.map(([mode, sign, title]) => (
        <button
          key={mode}
          type="button"
          role="radio"
          aria-checked={mode === props.mode}
          aria-label={title}
          title={title}
          tabIndex={mode === props.mode ? 0 : -1}
          disabled={props.isOff === true}
          onClick={() => props.onChange(mode)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            if (step === 0) return;
            event.preventDefault();
            const index = modes.findIndex(([name]) => name === props.mode);
            const next = modes[(index + step + modes.length) % modes.length];
            if (!next) return;
            props.onChange(next[0]);
            const buttons = event.currentTarget.parentElement?.querySelectorAll('button');
            buttons?.[modes.indexOf(next)]?.focus();
          }}
        >
          {sign}
        </button>
      ))}
    </span>
  );
}
