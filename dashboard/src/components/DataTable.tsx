import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, type ReactNode } from 'react';
import { catalogue } from '../i18n/catalogue';
import { useFormat } from '../i18n/format';
import { csv, download, type Cell } from './csv';
import { Nothing } from './States';
import { useUrlState } from './useUrlState';

export interface Column<R> {
  /** Unique in the table; it stands in the address when rows are sorted by it. */
  readonly key: string;
  readonly title: string;
  /** What the row is sorted by and what the CSV has. */
  readonly value: (row: R) => Cell;
  /** What is shown; the value when left out. */
  readonly show?: (row: R) => ReactNode;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
  /** CSS width, such as `9rem`; the rest is shared. */
  readonly width?: string;
}

const useText = catalogue(
  { rows: (shown: string, n: number) => `${shown} ${n === 1 ? 'row' : 'rows'}`, export: 'Save as CSV', empty: 'Nothing here.', table: (name: string) => `${name}, scrollable` },
  { rows: (shown, n) => `${shown} ${n === 1 ? 'Zeile' : 'Zeilen'}`, export: 'Als CSV sichern', empty: 'Hier ist nichts.', table: (name) => `${name}, scrollbar` },
);

const rowHeight = 30;

/** Rows in a table that sorts, scrolls through a hundred thousand of them and can be saved as CSV. */
export function DataTable<R>({ name, caption, columns, rows, id, empty, height = 26, actions }: {
  /** Unique on the page: the address keeps its order under it, and the CSV is named after it. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  readonly id: (row: R, index: number) => string;
  /** What to say and do when there are no rows. */
  readonly empty?: ReactNode;
  /** The most it takes of the page, in rem. */
  readonly height?: number;
  readonly actions?: ReactNode;
}) {
  const t = useText();
  const format = useFormat();
  const [order, setOrder] = useUrlState(`${name}.sort`);
  const [by, direction] = order.split('.');
  const sorted = useMemo(() => {
    const column = columns.find((each) => each.key === by);
    if (column === undefined) return rows;
    const sign = direction === 'desc' ? -1 : 1;
    const language = new Intl.Collator(format.language, { numeric: true });
    return rows.toSorted((a, b) => sign * compare(column.value(a), column.value(b), language));
  }, [rows, columns, by, direction, format.language]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  const shown = virtual.getVirtualItems();
  const above = shown[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const save = () => download(`${name}.csv`, csv([columns.map((column) => column.title), ...sorted.map((row) => columns.map((column) => column.value(row)))]), 'text/csv');

  return (
    <section className="table" aria-label={caption}>
      <div className="table-bar">
        <h2>{caption}</h2>
        <span className="count">{t.rows(format.whole(rows.length), rows.length)}</span>
        <span className="grow" />
        {actions}
        <button type="button" className="quiet" onClick={save} disabled={rows.length === 0}>{t.export}</button>
      </div>
      {rows.length === 0 ? <Nothing>{empty ?? t.empty}</Nothing> : (
        <div className="scroller" ref={scroller} style={{ maxHeight: `${height}rem` }} tabIndex={0} role="region" aria-label={t.table(caption)}>
          <table aria-rowcount={rows.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                {columns.map((column) => (
                  <th key={column.key} scope="col" className={column.numeric ? 'numeric' : undefined} style={{ width: column.width }}
                    aria-sort={by !== column.key ? 'none' : direction === 'desc' ? 'descending' : 'ascending'}>
                    <button type="button" onClick={() => setOrder(by !== column.key ? `${column.key}.asc` : direction === 'asc' ? `${column.key}.desc` : '')}>
                      {column.title}<span aria-hidden="true">{by !== column.key ? '' : direction === 'desc' ? ' ▾' : ' ▴'}</span>
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {above > 0 && <Gap height={above} columns={columns.length} />}
              {shown.map((item) => {
                const row = sorted[item.index]!;
                return (
                  <tr key={id(row, item.index)} aria-rowindex={item.index + 2}>
                    {columns.map((column) => (
                      <td key={column.key} className={column.numeric ? 'numeric' : undefined}>{column.show === undefined ? column.value(row) : column.show(row)}</td>
                    ))}
                  </tr>
                );
              })}
              {below > 0 && <Gap height={below} columns={columns.length} />}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return <tr aria-hidden="true" className="gap"><td colSpan={columns} style={{ height }} /></tr>;
}

function compare(a: Cell, b: Cell, language: Intl.Collator): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  return typeof a === 'number' && typeof b === 'number' ? a - b : language.compare(String(a), String(b));
}
