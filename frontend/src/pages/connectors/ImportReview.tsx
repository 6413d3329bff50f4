import { Select } from '@mantine/core';
import type { ImportReply } from '@sluice/shared/api';
import { plural } from '../../lib/format-count.js';
import { Code } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import classes from './Import.module.css';

export type Effects = Record<string, 'natural' | 'keyed' | 'unsafe'>;

const effectWords = [
  { value: 'natural', label: 'may be repeated' },
  { value: 'keyed', label: 'repeats are dropped by key' },
  { value: 'unsafe', label: 'never repeated by itself' },
] as const;

/** What was understood of a document, what was left out and why, and what it changes. */
export function ImportReview(props: { read: ImportReply; effects: Effects; onEffects: (effects: Effects) => void }) {
  const { read } = props;
  const { connector, leftOut, warnings, changes } = read;
  const hosts = connector.hosts === 'connection' ? [read.origin] : connector.hosts;
  return (
    <div className={classes.review}>
      <div>
        <h3 className={classes.title}>{connector.title}</h3>
        <p className="voice-2">
          {plural(read.actions, 'action')} of {plural(read.operations, 'operation')}, as <Code plain>{read.id}</Code>
        </p>
      </div>
      <dl className={classes.facts}>
        <dt>Talks to</dt>
        <dd>
          {hosts.map((host) => (
            <Code key={host} plain>
              {host}
            </Code>
          ))}
        </dd>
        <dt>Signs in with</dt>
        <dd>
          {connector.auth.join(', ')}
          {read.oauth && (
            <>
              {' '}
              at <Code plain>{new URL(read.oauth.token).host}</Code>
            </>
          )}
        </dd>
        <dt>Scopes</dt>
        <dd>{plural(Object.keys(connector.scopes).length, 'scope')}</dd>
      </dl>
      {warnings.length > 0 && (
        <Notice tone="waiting" title="Look at this first">
          <ul className={classes.list}>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      {changes && <Changes changes={changes} />}
      {read.replaces !== null && changes === null && <p className="voice-2">It says the same as the version before.</p>}
      {leftOut.length > 0 && (
        <section>
          <h4 className={classes.head}>Left out</h4>
          <ul className={classes.list}>
            {leftOut.map(({ operation, why }) => (
              <li key={operation}>
                <Code plain>{operation}</Code> <span className="label">{why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h4 className={classes.head}>Actions</h4>
        <ul className={classes.actions} aria-label="Actions" tabIndex={-1}>
          {connector.actions.slice(0, 200).map((action) => (
            <li key={action.id}>
              <div className={classes.grow}>
                <strong>{action.title}</strong>
                <div>
                  <Code plain>
                    {action.method} {action.path}
                  </Code>
                </div>
                <span className="label">
                  {action.scopes.map((scope) => connector.scopes[scope]?.title ?? scope).join(', ')}
                </span>
              </div>
              <Select
                aria-label={`Effect of ${action.title}`}
                size="xs"
                data={effectWords}
                allowDeselect={false}
                value={props.effects[action.id] ?? action.effect}
                onChange={(value) => {
                  const chosen = effectWords.find((one) => one.value === value)?.value;
                  if (chosen) props.onEffects({ ...props.effects, [action.id]: chosen });
                }}
              />
            </li>
          ))}
        </ul>
        {connector.actions.length > 200 && <p className="label">And {connector.actions.length - 200} more.</p>}
      </section>
    </div>
  );
}

function Changes({ changes }: { changes: NonNullable<ImportReply['changes']> }) {
  const lines: [string, readonly string[]][] = [
    ['New hosts', changes.addedHosts],
    ['Hosts no more', changes.removedHosts],
    ['New scopes', changes.addedScopes],
    ['Scopes no more', changes.removedScopes],
    ['New actions', changes.addedActions],
    ['Actions no more', changes.removedActions],
    ['Changed actions', changes.changedActions.map(({ action, parts }) => `${action} (${parts.join(', ')})`)],
    ['Also changed', changes.others],
  ];
  return (
    <section>
      <h4 className={classes.head}>Against the version before</h4>
      <dl className={classes.facts}>
        {lines
          .filter(([, names]) => names.length > 0)
          .map(([title, names]) => (
            <div key={title} className={classes.change}>
              <dt>{title}</dt>
              <dd>
                {names.slice(0, 30).join(', ')}
                {names.length > 30 && ` and ${names.length - 30} more`}
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
