import { MantineProvider } from '@mantine/core';
import type { Json } from '@sluice/shared/lib';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../../shared/test/a-flow.js';
import { samplesOf } from '../store/samples.js';
import { AnyField } from './AnyField.js';
import { FieldFocusProvider } from './field-focus.js';
import { fieldsOf } from './schema-fields.js';

const { scope } = samplesOf(aFlow({ steps: [aTrigger], edges: [] }), aCatalogue);
const [field] = fieldsOf({
  type: 'object',
  properties: {
    lines: {
      type: 'array',
      items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
    },
  },
});

afterEach(cleanup);

describe('a field of lists and groups', () => {
  it('is filled part by part, says what is wrong at the part, and can be given as a whole', async () => {
    const user = userEvent.setup();
    let value: Json | undefined;
    function Held() {
      const [held, setHeld] = useState<Json | undefined>(undefined);
      value = held;
      if (field === undefined) return null;
      return (
        <AnyField
          field={field}
          value={held}
          scope={scope}
          steps={[]}
          problemsAt={(...path) => (path.join('.') === '0.sku' ? ['There is no such article.'] : [])}
          onChange={setHeld}
        />
      );
    }
    render(
      <MantineProvider env="test">
        <FieldFocusProvider>
          <Held />
        </FieldFocusProvider>
      </MantineProvider>,
    );
    await user.click(screen.getByRole('button', { name: 'Add one' }));
    expect(screen.getByText('There is no such article.')).toBeTruthy();
    await user.type(screen.getByRole('textbox', { name: 'Sku' }), 'A-1');
    expect(value).toEqual([{ sku: 'A-1' }]);

    await user.click(screen.getByRole('button', { name: 'Remove Lines 1' }));
    expect(value).toBeUndefined();
    await user.click(screen.getByRole('button', { name: 'Give Lines by one expression' }));
    expect(value).toEqual({ $: '[]' });
  });

  it('shows members that are no fields with what is said of them, and what is said of the whole', async () => {
    const user = userEvent.setup();
    const [address] = fieldsOf({
      type: 'object',
      properties: { address: { type: 'object', properties: { city: { type: 'string' } } } },
    });
    let value: Json | undefined = { city: 'Bonn', street: 'A' };
    const said: Record<string, string[]> = {
      '': ['Too many fields.', 'There is no field street.'],
      street: ['There is no field street.'],
    };
    function Held() {
      const [held, setHeld] = useState<Json | undefined>({ city: 'Bonn', street: 'A' });
      value = held;
      if (address === undefined) return null;
      return (
        <AnyField
          field={address}
          value={held}
          scope={scope}
          steps={[]}
          problemsAt={(...path) => said[path.join('.')] ?? []}
          onChange={setHeld}
        />
      );
    }
    render(
      <MantineProvider env="test">
        <FieldFocusProvider>
          <Held />
        </FieldFocusProvider>
      </MantineProvider>,
    );
    expect(screen.getAllByText('There is no field street.')).toHaveLength(1);
    expect(screen.getByText('Too many fields.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove street' }));
    expect(value).toEqual({ city: 'Bonn' });
  });
});

describe('a field of several forms', () => {
  const file = {
    file: `fil_${'0'.repeat(52)}`,
    name: 'a.pdf',
    type: 'application/pdf',
    bytes: 1,
    sha256: '0'.repeat(64),
  };
  const fileSchema = { type: 'object', properties: Object.fromEntries(Object.keys(file).map((name) => [name, {}])) };

  function draw(property: object) {
    const [drawn] = fieldsOf({ type: 'object', properties: { content: property } });
    const stored: { value: Json | undefined } = { value: undefined };
    function Held() {
      const [held, setHeld] = useState<Json | undefined>(undefined);
      stored.value = held;
      if (drawn === undefined) return null;
      const data = { scope: { ...scope, steps: { get: { body: file } } }, steps: ['get'] };
      return <AnyField field={drawn} value={held} {...data} problemsAt={() => []} onChange={setHeld} />;
    }
    render(
      <MantineProvider env="test">
        <FieldFocusProvider>
          <Held />
        </FieldFocusProvider>
      </MantineProvider>,
    );
    return { stored, user: userEvent.setup() };
  }

  it('is given in the form that is chosen, a file by one of an earlier step', async () => {
    const { stored, user } = draw({ anyOf: [{ type: 'string' }, fileSchema] });
    await user.type(screen.getByRole('textbox', { name: 'Content' }), 'Hello');
    expect(stored.value).toBe('Hello');
    await user.click(screen.getByRole('combobox', { name: 'Form of Content' }));
    await user.click(await screen.findByRole('option', { name: 'file', hidden: true }));
    expect(stored.value).toBeUndefined();
    await user.click(screen.getByRole('combobox', { name: 'Content' }));
    await user.click(await screen.findByRole('option', { name: 'steps.get.body', hidden: true }));
    expect(stored.value).toEqual({ $: 'steps.get.body' });
    expect(screen.getByRole('combobox', { name: 'Form of Content' })).toHaveProperty('value', 'file');
  });

  it('takes a time by the browser’s own field, and an expression as any other', async () => {
    const { stored, user } = draw({ type: 'string', format: 'date-time' });
    fireEvent.change(screen.getByLabelText('Content'), { target: { value: '2026-05-01T08:30:00' } });
    const written = new Date(2026, 4, 1, 8, 30).toISOString();
    expect(stored.value).toBe(written);
    expect(screen.getByText(written)).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: /^Expression/ }));
    expect(stored.value).toEqual({ $: written });
    expect(screen.getByRole('textbox', { name: 'Content' })).toBeTruthy();
  });
});
