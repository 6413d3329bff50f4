import type { PresenceReply } from '@sluice/shared/api';
import { findStep } from '@sluice/shared/flow';
import { Avatar } from '../../ui/Avatar.js';
import { Notice } from '../../ui/Notice.js';
import { titleOf } from '../canvas/step-words.js';
import { useEditor } from '../store/editor-context.js';
import classes from './Together.module.css';

const mostShown = 4;

/** Who else has the flow open, and at which step. */
export function Others({ others }: { others: readonly PresenceReply[] }) {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  if (others.length === 0) return null;
  const words = others.map(({ member, step }) => {
    const at = step === null ? undefined : findStep(document, step);
    return at ? `${member.name}, at ${titleOf(at, document, catalogue)}` : member.name;
  });
  return (
    <span className={classes.others} title={words.join('\n')} role="group" aria-label="Also here">
      {others.slice(0, mostShown).map(({ member, tab }) => (
        <Avatar key={tab} name={member.name} size={22} ring />
      ))}
      {others.length > mostShown && <span className={classes.more}>+{others.length - mostShown}</span>}
      <span className="for-readers">{words.join('; ')}</span>
    </span>
  );
}

/** Said before two people change one step. */
export function SameStep({ others, step }: { others: readonly PresenceReply[]; step: string }) {
  const names = [...new Set(others.filter((other) => other.step === step).map(({ member }) => member.name))];
  if (names.length === 0) return null;
  return (
    <div className={classes.same}>
      <Notice tone="waiting" title={`${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} this step open too`}>
        Different fields are put together; where you both change one, you choose.
      </Notice>
    </div>
  );
}
