import { IconChevronRight, IconShield } from '@tabler/icons-react';
import { useState } from 'react';
import { formatCount } from '../../lib/format-count.js';
import { ClassTag } from '../../ui/ClassTag.js';
import { Code } from '../../ui/Code.js';
import { useEditor } from '../store/editor-context.js';
import type { RefusingPlace } from '../store/refusing-places.js';
import { useUnapproved } from '../store/use-unapproved.js';
import { ManifestDialog } from './ManifestDialog.js';
import { hostsOf, sendsByClass } from './manifest-words.js';
import classes from './ManifestStrip.module.css';

/** What the flow may do, as drawn: changes in place with the drawing. */
export function ManifestStrip() {
  const manifest = useEditor((state) => state.manifest);
  const [isOpen, setOpen] = useState(false);
  const fresh = useUnapproved();
  const refusing = useEditor((state) => state.refusing);
  const hosts = hostsOf(manifest);
  const sends = sendsByClass(manifest);
  const newScopes = manifest.scopes.filter((scope) => fresh.scopes.has(scope)).length;
  return (
    <>
      <button type="button" className={classes.strip} onClick={() => setOpen(true)}>
        <span className={classes.lead}>
          <IconShield size={18} stroke={1.75} aria-hidden />
          <span>
            <strong>Manifest</strong>
            <span className={classes.quiet}>as drawn</span>
          </span>
        </span>
        <span className={classes.part} data-wide>
          <span className="label">May talk to</span>
          <span className={classes.items}>
            {hosts.length === 0 && <span className="voice-3">nothing outside</span>}
            {hosts.map(({ host }) =>
              fresh.hosts.has(host) ? (
                <span key={host} className={classes.new}>
                  {host} <b>new</b>
                </span>
              ) : (
                <Code key={host}>{host}</Code>
              ),
            )}
          </span>
        </span>
        <span className={classes.part} data-wide>
          <span className="label">Sends</span>
          <span className={classes.items}>
            {sends.length === 0 && <span className="voice-3">nothing</span>}
            {sends.map(({ name, fields }) => (
              <ClassTag key={name} name={name} text={`${name}: ${listed(fields)}`} />
            ))}
          </span>
        </span>
        {refusing.length > 0 && (
          <span className={classes.part}>
            <span className="label">Refused in</span>
            <span className={classes.items}>
              {refusing.map(({ name, problems }) => (
                <span key={name} className={classes.refused} title={whyOf(problems)}>
                  {name}
                  <span className="for-readers">: {whyOf(problems)}</span>
                </span>
              ))}
            </span>
          </span>
        )}
        <span className={classes.part}>
          <span className="label">Scopes</span>
          <span className={classes.items}>
            <strong className="numbers">{formatCount(manifest.scopes.length)}</strong>
            {newScopes > 0 && <span className={classes.newCount}>{formatCount(newScopes)} new</span>}
          </span>
        </span>
        <span className="for-readers">, open all of it</span>
        <IconChevronRight size={16} stroke={1.75} aria-hidden className={classes.open} />
      </button>
      <span className="for-readers" aria-live="polite">
        {`${hosts.length} hosts, ${manifest.scopes.length} scopes, sends ${sends.map(({ name }) => name).join(', ') || 'nothing'}`}
      </span>
      {isOpen && <ManifestDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function whyOf(problems: RefusingPlace['problems']): string {
  return problems.map(({ message }) => message).join('\n');
}

function listed(fields: readonly string[]): string {
  return fields.length <= 3 ? fields.join(', ') : `${fields.slice(0, 3).join(', ')} and ${fields.length - 3} more`;
}
