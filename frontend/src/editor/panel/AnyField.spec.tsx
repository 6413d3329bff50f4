import { MantineProvider } from '@mantine/core';
import type { Json } from '@sluice/shared/lib';
import { cleanup, render, screen } from '@testing-library/react';
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
      <MantineProvider>
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
      <MantineProvider>
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
