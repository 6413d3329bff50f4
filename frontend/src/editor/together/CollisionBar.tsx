import { Button } from '@mantine/core';
import type { Collision } from '@sluice/shared/flow';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Notice } from '../../ui/Notice.js';
import { useEditor } from '../store/editor-context.js';
import type { Saving } from '../store/use-draft-saver.js';
import { collisionInWords } from './collision-words.js';
import classes from './Together.module.css';

/** Somebody else changed the same things: both are shown, and nothing is sent until the person chose. */
export function CollisionBar({ saving }: { saving: Saving }) {
  const save = useEditor((state) => state.save);
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const resolve = useMutation({ mutationFn: saving.resolve });
  if (save.kind !== 'conflict') return null;
  const kept = save.collisions.filter(({ key }) => !theirs.has(key)).map(({ key }) => key);
  function choose(key: string, isTheirs: boolean) {
    setTheirs((before) => new Set(isTheirs ? [...before, key] : [...before].filter((each) => each !== key)));
  }
  return (
    <section className={classes.bar} aria-label="Changed by two people">
      <Notice
        tone="waiting"
        title="Somebody else changed this too"
        action={
          <Button
            size="sm"
            loading={resolve.isPending}
            onClick={() => resolve.mutate(new Set(kept), { onSuccess: () => setTheirs(new Set()) })}
          >
            Keep what is chosen
          </Button>
        }
      >
        Everything else was put together. What you change meanwhile stays here and is sent once you chose.
      </Notice>
      <ul className={classes.list}>
        {save.collisions.map((collision) => (
          <li key={collision.key}>
            <Choice collision={collision} isTheirs={theirs.has(collision.key)} onChoose={choose} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Choice(props: {
  collision: Collision;
  isTheirs: boolean;
  onChoose: (key: string, isTheirs: boolean) => void;
}) {
  const { collision, isTheirs, onChoose } = props;
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const words = collisionInWords(collision, { document, catalogue });
  const side = (who: string, says: string, isThis: boolean) => (
    <label className={classes.side}>
      <input
        type="radio"
        name={collision.key}
        aria-label={`${who}: ${says}`}
        checked={isTheirs === isThis}
        onChange={() => onChoose(collision.key, isThis)}
      />
      <span className={classes.who}>{who}</span>
      <code>{says}</code>
    </label>
  );
  return (
    <fieldset className={classes.where}>
      <legend>{words.where}</legend>
      <div className={classes.pair}>
        {side('Yours', words.mine, false)}
        {side('Theirs', words.theirs, true)}
      </div>
    </fieldset>
  );
}
