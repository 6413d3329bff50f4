import { Fragment, useRef } from 'react';
import { useKeys } from '../lib/use-keys.js';
import classes from './DataTable.module.css';

export interface Column<Row> {
  key: string;
  head: React.ReactNode;
  cell: (row: Row) => React.ReactNode;
  width?: number | string;
  align?: 'right';
  /** Left out below this width: `desk` under 1180 px, `phone` under 720 px. */
  hideBelow?: 'desk' | 'phone';
}

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  onOpen: (row: Row) => void;
  selectedId?: string | undefined;
  density?: 'dense' | 'normal' | 'tall';
  group?: { of: (row: Row) => string; head: (key: string, rows: readonly Row[]) => React.ReactNode };
  foot?: React.ReactNode;
}

/** Rows that open: by click, Enter, and J K or the arrows to move. One row takes Tab. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const body = useRef<HTMLTableElement>(null);
  const groups = groupRows(props.rows, props.group?.of);
  const tabStop = props.rows.find((row) => props.rowId(row) === props.selectedId) ?? props.rows[0];

  function move(step: 1 | -1) {
    const rows = [...(body.current?.querySelectorAll<HTMLTableRowElement>('tr[data-row]') ?? [])];
    const from = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    const selected = rows.findIndex((row) => row.ariaSelected === 'true');
    const at = from === -1 ? selected : from;
    rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
  }
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1) });

  return (
    <div className={classes.frame}>
      <div className={classes.scroll}>
        <table
          ref={body}
          className={classes.table}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- its rows open, so it is a grid to readers
          role="grid"
          aria-label={props.label}
          data-density={props.density ?? 'normal'}
        >
          <thead>
            <tr>
              {props.columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  style={{ width: column.width }}
                  data-align={column.align}
                  data-hide={column.hideBelow}
                >
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(([key, rows]) => (
              <Fragment key={key}>
                {props.group && (
                  <tr className={classes.group}>
                    <td colSpan={props.columns.length}>{props.group.head(key, rows)}</td>
                  </tr>
                )}
                {rows.map((row) => (
                  <BodyRow key={props.rowId(row)} row={row} table={props} isTabStop={row === tabStop} />
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      {props.foot && <div className={classes.foot}>{props.foot}</div>}
    </div>
  );
}

function BodyRow<Row>(props: { row: Row; table: DataTableProps<Row>; isTabStop: boolean }) {
  const { row, table } = props;
  return (
    <tr
      data-row
      tabIndex={props.isTabStop ? 0 : -1}
      aria-selected={table.rowId(row) === table.selectedId}
      onClick={(event) => {
        const inner = event.target instanceof Element && event.target.closest('a, button, input, label');
        if (!inner) table.onOpen(row);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        table.onOpen(row);
      }}
    >
      {table.columns.map((column) => (
        <td key={column.key} data-align={column.align} data-hide={column.hideBelow}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function groupRows<Row>(rows: readonly Row[], of: ((row: Row) => string) | undefined): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = of?.(row) ?? '';
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups];
}
