import type { FlowDocument, Manifest } from '@sluice/shared/flow';
import { IconMinus, IconPencil, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { RunCanvas } from '../canvas/RunCanvas.js';
import { useEditor } from '../store/editor-context.js';
import { differenceOf, type Mark } from './difference.js';
import classes from './Difference.module.css';

export interface Shown {
  title: string;
  document: FlowDocument;
  manifest: Manifest;
}

/** What is named as machines do. */
const inCode = new Set(['Host', 'Scope', 'Call', 'Sends']);
const marks = { added: IconPlus, removed: IconMinus, changed: IconPencil } as const;

/** Two drawings side by side with what is different marked, and the same as a list. */
export function Difference({ before, after }: { before: Shown; after: Shown }) {
  const catalogue = useEditor((state) => state.catalogue);
  const { marks: marked, lines } = useMemo(() => differenceOf(before, after, catalogue), [before, after, catalogue]);
  return (
    <>
      <div className={classes.pictures}>
        {[before, after].map(({ title, document }) => (
          <section key={title} className={classes.picture} aria-label={title}>
            <h3>{title}</h3>
            <div className={classes.frame}>
              <RunCanvas document={document} catalogue={catalogue} run={null} marks={marked} selected={null} />
            </div>
          </section>
        ))}
      </div>
      {lines.length === 0 ? (
        <p className="voice-3">They mean the same: only places or notes differ.</p>
      ) : (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="What is different">
          <table className={classes.list}>
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Of</th>
                <th scope="col">Name</th>
                <th scope="col">What</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ mark, what, name, more }) => (
                <tr key={`${mark} ${what} ${name} ${more}`}>
                  <td>
                    <MarkWord mark={mark} />
                  </td>
                  <td>{what}</td>
                  <td>{inCode.has(what) ? <code>{name}</code> : name}</td>
                  <td className="voice-2">{more}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function MarkWord({ mark }: { mark: Mark }) {
  const Glyph = marks[mark];
  return (
    <span className={classes.mark} data-mark={mark}>
      <Glyph size={13} stroke={2} aria-hidden />
      {mark}
    </span>
  );
}
