import { Modal } from '@mantine/core';
import { findStep } from '@sluice/shared/flow';
import { ClassTag } from '../../ui/ClassTag.js';
import { Code } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { titleOf } from '../canvas/step-words.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { BoundChips } from './SlotRow.js';
import classes from './ManifestDialog.module.css';

/** The whole manifest: per slot hosts, calls, scopes and fields, each with the step that needs it. */
export function ManifestDialog(props: { onClose: () => void }) {
  const manifest = useEditor((state) => state.manifest);
  const catalogue = useEditor((state) => state.catalogue);
  const slots = Object.entries(manifest.slots);
  return (
    <Modal opened onClose={props.onClose} title="Manifest of the draft" size={720}>
      <p className={classes.lead}>Computed from the drawing. Whatever is not in here is refused when the flow runs.</p>
      {slots.length === 0 && <p className="voice-2">This flow talks to nothing outside, so it needs no approval.</p>}
      {slots.map(([name, slot]) => {
        const sends = manifest.sends.filter((send) => send.slot === name);
        const connector = catalogue[slot.connector];
        return (
          <section key={name} className={classes.slot} aria-label={`Slot ${name}`}>
            <h3 className={classes.head}>
              <ConnectorTile name={slot.connector} size={26} />
              <span>{connector?.title ?? slot.connector}</span>
              <Code>{name}</Code>
              <BoundChips slot={name} />
            </h3>
            <dl className={classes.facts}>
              <dt>Hosts</dt>
              <dd>
                {slot.hosts === 'connection'
                  ? 'those that the bound connection names'
                  : slot.hosts.map((host) => <Code key={host}>{host}</Code>)}
              </dd>
              <dt>Scopes</dt>
              <dd>
                {slot.scopes.map((scope) => (
                  <span key={scope} className={classes.line}>
                    {connector?.scopes[scope]?.title ?? scope} <Code plain>{scope}</Code>
                  </span>
                ))}
              </dd>
              <dt>Calls</dt>
              <dd>
                {slot.calls.map((call) => (
                  <span key={call} className={classes.line}>
                    <Code plain>{call}</Code>
                    {slot.wholeReplies.includes(call) && ' and all of its answer comes in'}
                  </span>
                ))}
              </dd>
            </dl>
            <table className={classes.fields}>
              <thead>
                <tr>
                  <th scope="col">Step</th>
                  <th scope="col">Sends</th>
                  <th scope="col">Class</th>
                  <th scope="col">Reads</th>
                </tr>
              </thead>
              <tbody>
                {sends.flatMap((send) =>
                  send.fields.map((field) => (
                    <tr key={`${send.step} ${field.field}`}>
                      <td>
                        <StepLink id={send.step} onOpen={props.onClose} />
                      </td>
                      <td>
                        <code>{field.field}</code>
                      </td>
                      <td>
                        <ClassTag name={field.class} />
                      </td>
                      <td>
                        <code>{field.reads.join(', ') || 'a fixed value'}</code>
                      </td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </section>
        );
      })}
    </Modal>
  );
}

function StepLink(props: { id: string; onOpen: () => void }) {
  const actions = useActions();
  const title = useEditor((state) => {
    const step = findStep(state.document, props.id);
    return step ? titleOf(step, state.document, state.catalogue) : props.id;
  });
  return (
    <button
      type="button"
      className={classes.link}
      onClick={() => {
        actions.reveal(props.id);
        actions.select([props.id]);
        props.onOpen();
      }}
    >
      {title}
    </button>
  );
}
