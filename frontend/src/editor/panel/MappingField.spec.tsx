import { MantineProvider } from '@mantine/core';
import type { Scope } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { dataSection, FieldFocusProvider, useFieldFocus } from './field-focus.js';
import { MappingField } from './MappingField.js';
import type { FieldSpec } from './schema-fields.js';

const scope: Scope = {
  trigger: { body: { email: 'Ada@example.com' } },
  steps: {},
  flow: { id: 'flw_1', name: 'Flow' },
  run: { id: 'run_1' },
  environment: { name: 'dev' },
  callbacks: {},
};
const email: FieldSpec = {
  name: 'email',
  label: 'E-mail',
  help: 'Names the contact',
  typeWord: 'e-mail',
  isRequired: true,
  kind: 'text',
  choices: [],
  fallback: null,
};

function Insert({ path }: { path: string }) {
  const focus = useFieldFocus();
  return (
    <section {...dataSection} onBlur={focus.leave}>
      <button type="button" onClick={() => focus.insert(path)}>
        Insert
      </button>
    </section>
  );
}

function aField(more: { field?: FieldSpec; value?: Json; problems?: string[] } = {}) {
  const changed = vi.fn<(value: Json | undefined) => void>();
  function Held() {
    const [value, setValue] = useState(more.value);
    return (
      <MappingField
        field={more.field ?? email}
        value={value}
        scope={scope}
        steps={[]}
        problems={more.problems ?? []}
        fieldClass="personal"
        onChange={(next) => {
          changed(next);
          setValue(next);
        }}
      />
    );
  }
  render(
    <MantineProvider env="test">
      <FieldFocusProvider>
        <Held />
        <Insert path="trigger.body.email" />
      </FieldFocusProvider>
    </MantineProvider>,
  );
  const stored = {
    get value() {
      return changed.mock.lastCall?.[0];
    },
  };
  return { stored, user: userEvent.setup(), box: () => screen.getByRole('textbox', { name: 'E-mail' }) };
}

describe('a mapping field', () => {
  it('says what it is for and what class it has', () => {
    aField();
    expect(screen.getByText('e-mail, required')).toBeTruthy();
    expect(screen.getByText('personal')).toBeTruthy();
    expect(screen.getByText('Names the contact')).toBeTruthy();
  });

  it('stores text, template and expression as the document has them, with the result below', async () => {
    const { stored, user, box } = aField();
    await user.type(box(), 'ada');
    expect(stored.value).toBe('ada');
    await user.clear(box());
    await user.click(screen.getByRole('radio', { name: /Expression/ }));
    await user.type(box(), '$lowercase(trigger.body.email)');
    expect(stored.value).toEqual({ $: '$lowercase(trigger.body.email)' });
    expect(screen.getByText('ada@example.com')).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: /Text with data/ }));
    expect(stored.value).toBe('{{ $lowercase(trigger.body.email) }}');
  });

  it('switches by Alt and a digit', async () => {
    const { stored, user, box } = aField({ value: 'trigger.body.email' });
    await user.click(box());
    await user.keyboard('{Alt>}3{/Alt}');
    expect(stored.value).toEqual({ $: 'trigger.body.email' });
    expect(screen.getByText(/text needs quotes/)).toBeTruthy();
  });

  it('takes a path from the data into the field that had the focus', async () => {
    const { stored, user, box } = aField();
    await user.click(box());
    await user.click(screen.getByRole('button', { name: 'Insert' }));
    expect(stored.value).toEqual({ $: 'trigger.body.email' });
    expect(screen.getByText('Ada@example.com')).toBeTruthy();
  });

  it('stays as high as it is while a path is taken from the data, and has the focus afterwards', async () => {
    const { user, box } = aField({ value: 'x', problems: ['It must be an e-mail address.'] });
    await user.click(box());
    await user.pointer({ keys: '[MouseLeft>]', target: screen.getByRole('button', { name: 'Insert' }) });
    expect(screen.queryByText('It must be an e-mail address.')).toBeNull();
    await user.pointer({ keys: '[/MouseLeft]', target: screen.getByRole('button', { name: 'Insert' }) });
    expect(document.activeElement).toBe(box());
    expect(box()).toHaveProperty('selectionStart', 'x{{ trigger.body.email }}'.length);
    expect(screen.queryByText('It must be an e-mail address.')).toBeNull();
  });

  it('completes a path by keys', async () => {
    const { stored, user, box } = aField({ value: { $: 'trigger' } });
    await user.type(box(), '.body.');
    expect(screen.getByRole('option', { name: /email/ })).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(stored.value).toEqual({ $: 'trigger.body.email' });
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('helps inside of a call for as long as the field is filled, from the data too', async () => {
    const { user, box } = aField({ value: { $: '' } });
    await user.type(box(), '$pad(trigger.body.email, 3');
    const help = screen.getByText('Fills a text up to a width, on its left for a negative one.').parentElement;
    expect(help?.textContent).toContain('$pad(text, width, filler?) → text');
    expect(help?.querySelector('b')?.textContent).toBe('width');
    expect(box().getAttribute('aria-describedby')).toContain(help?.id);
    await user.pointer({ keys: '[MouseLeft>]', target: screen.getByRole('button', { name: 'Insert' }) });
    expect(help?.isConnected).toBe(true);
    await user.pointer({ keys: '[/MouseLeft]', target: screen.getByRole('button', { name: 'Insert' }) });
    await user.tab();
    await user.tab();
    expect(help?.isConnected).toBe(false);
  });

  it('shows an error in place of the result, and problems only once left', async () => {
    const { user, box } = aField({ value: { $: 'trigger.body.emial' }, problems: ['It must be an e-mail address.'] });
    expect(screen.getByText(/Did you mean "email"/)).toBeTruthy();
    expect(screen.getByText('It must be an e-mail address.')).toBeTruthy();
    await user.click(box());
    expect(screen.queryByText('It must be an e-mail address.')).toBeNull();
    await user.tab();
    await user.tab();
    expect(screen.getByText('It must be an e-mail address.')).toBeTruthy();
  });

  it('clears to unmapped', async () => {
    const { stored, user, box } = aField({ value: 'x' });
    await user.clear(box());
    expect(stored.value).toBeUndefined();
  });

  it('offers the choices of a choice', async () => {
    const stage: FieldSpec = {
      ...email,
      label: 'Stage',
      kind: 'choice',
      choices: ['lead', 'customer'],
      isRequired: false,
    };
    const { stored, user } = aField({ field: stage });
    await user.click(screen.getByRole('combobox', { name: 'Stage' }));
    await user.click(screen.getByRole('option', { name: 'customer', hidden: true }));
    expect(stored.value).toBe('customer');
  });
});
