import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { type View, type ViewScreen, viewsApi } from '@sluice/shared/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '../../api/queries.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Views.module.css';

/** Keeps the filters that are set under a name, and removes what nobody needs any more. */
export function ViewsDialog(props: {
  screen: ViewScreen;
  views: readonly View[];
  /** The filters that are set, by name. */
  search: Record<string, string>;
  onClose: () => void;
}) {
  const { screen, search } = props;
  const me = useSuspenseQuery(meQuery()).data;
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const save = useWrite(viewsApi.save, { renews: [['views']], onDone: props.onClose });
  const remove = useWrite(viewsApi.remove, { renews: [['views']] });
  const hasFilters = Object.keys(search).length > 0;
  const problem = save.problem ?? remove.problem;
  return (
    <Modal opened onClose={props.onClose} title="Saved views" size={480}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.run({ input: { body: { screen, name, search, isShared } } });
        }}
      >
        {problem && <Notice tone="failed" title={problem.message} />}
        {props.views.length > 0 && (
          <ul className={classes.list} aria-label="Saved views">
            {props.views.map((view) => (
              <li key={view.id}>
                <span>
                  {view.name} {view.isShared && <span className="voice-3">everybody’s, by {view.madeBy.name}</span>}
                </span>
                {view.mayRemove && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Remove ${view.name}`}
                    loading={remove.busy}
                    onClick={() => remove.run({ input: { params: { id: view.id } } })}
                  >
                    Remove
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        {hasFilters ? (
          <>
            <TextInput
              label="Name of the filters that are set"
              description="A view of the same name is replaced. A business key is not kept."
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {me.permissions.includes('environments.manage') && (
              <Checkbox
                label="For everybody in the workspace"
                checked={isShared}
                onChange={(event) => setShared(event.currentTarget.checked)}
              />
            )}
          </>
        ) : (
          <p>Set a filter first: what is set can then be kept under a name.</p>
        )}
        <div className={classes.foot}>
          <span className={classes.note}>A view is an address: its link shows everybody the same filters.</span>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.busy} disabled={!hasFilters || name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
