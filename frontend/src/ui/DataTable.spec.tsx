import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { breaches } from '../../test/render-app.js';
import { DataTable } from './DataTable.js';

const rows = ['ada', 'bea', 'cy'].map((id) => ({ id }));

function aTable(props: { onOpen: (row: { id: string }) => void; selectedId?: string }) {
  return (
    <main>
      <DataTable
        label="People"
        columns={[
          { key: 'name', head: 'Name', cell: (row) => row.id },
          { key: 'deed', head: 'Deed', cell: () => <button type="button">Do</button> },
        ]}
        rows={rows}
        rowId={({ id }) => id}
        {...props}
      />
    </main>
  );
}

describe('a table', () => {
  it('opens a row by click, but not by what stands in the row', async () => {
    const onOpen = vi.fn<(...given: unknown[]) => void>();
    const user = userEvent.setup();
    render(aTable({ onOpen }));

    await user.click(screen.getByText('bea'));
    await user.click(screen.getAllByRole('button', { name: 'Do' })[0] ?? document.body);

    expect(onOpen.mock.calls).toEqual([[{ id: 'bea' }]]);
  });

  it('moves by J, K and the arrows, and opens by Enter', async () => {
    const onOpen = vi.fn<(...given: unknown[]) => void>();
    const user = userEvent.setup();
    render(aTable({ onOpen }));

    await user.keyboard('jj{ArrowDown}{ArrowDown}k{Enter}');

    expect(onOpen.mock.calls).toEqual([[{ id: 'bea' }]]);
  });

  it('has one row in the tab order: the selected', () => {
    render(aTable({ onOpen: vi.fn<(...given: unknown[]) => void>(), selectedId: 'cy' }));

    const stops = screen.getAllByRole('row').filter((row) => row.tabIndex === 0);
    expect(stops.map((row) => row.textContent)).toEqual(['cyDo']);
    expect(stops[0]?.ariaSelected).toBe('true');
  });

  it('breaks no rule of accessibility', async () => {
    const { container } = render(aTable({ onOpen: vi.fn<(...given: unknown[]) => void>() }));

    expect(await breaches(container)).toEqual([]);
  });
});
