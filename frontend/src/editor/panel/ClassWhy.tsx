import { Popover, UnstyledButton } from '@mantine/core';
import { placesOf, type Reason } from '@sluice/shared/flow';
import { ClassTag, type FieldClass } from '../../ui/ClassTag.js';
import classes from './ClassWhy.module.css';

/** The class of a field, which says on demand by which way it came; without a way it only says the class. */
export function ClassWhy(props: { name: FieldClass; why: readonly Reason[]; iconOnly?: boolean }) {
  const { name, why, iconOnly = false } = props;
  const question = `Why is this ${name}?`;
  const tag = <ClassTag name={name} iconOnly={iconOnly} />;
  if (why.length === 0) return tag;
  return (
    <Popover position="bottom-end" width={300}>
      <Popover.Target>
        <UnstyledButton
          className={classes.why}
          aria-label={question}
          title={question}
          // The caret stays in the field that a value is picked for.
          onMouseDown={(event) => event.preventDefault()}
        >
          {tag}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.ways}>
        {why.map((reason) => (
          <div key={reason.class}>
            <p className={classes.lead}>{reason.class}, as it came along</p>
            <ol className={classes.places}>
              {placesOf(reason.trail).map(({ step, field }, at) => (
                // A place may come twice: where it stands is its identity.
                <li key={at}>
                  <code>{field === '' ? step : `${step}.${field}`}</code>
                </li>
              ))}
            </ol>
          </div>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
