import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './link.tsx';

export type SortDirection = 'ascending' | 'descending';

export interface TableColumn<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligned with tabular figures. */
  readonly numeric?: boolean;
  /** Where a press on the header leads: the same page with the other order in its address. */
  readonly sortHref?: string | undefined;
  readonly sorted?: SortDirection | undefined;
  /** A CSS width, for columns that would jump between pages. */
  readonly width?: string;
  /** Header for assistive technology only, as for a column of buttons. */
  readonly headerHidden?: boolean;
}

export interface TableProps<Row> {
  /** What the table lists; read aloud, not shown. */
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The first column becomes a link that covers the row: a page, or the same page with a sheet open. */
  readonly rowHref?: ((row: Row) => string) | undefined;
  /** The row whose sheet is open. */
  readonly selectedKey?: string | undefined;
  /** Shown instead of rows; an `EmptyState` that teaches. */
  readonly empty: ReactNode;
  /** Totals, one node per column key. */
  readonly footer?: Readonly<Record<string, ReactNode>> | undefined;
  readonly className?: string;
}

/** Dense rows of 36 px; below 640 px each row is a card that names its values. Roles are set out because CSS takes them from cards. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  rowHref,
  selectedKey,
  empty,
  footer,
  className,
}: TableProps<Row>) {
  if (rows.length === 0) return <>{empty}</>;
  return (
    <table {...ROLES.table} className={classNames('w-full border-collapse text-sm max-sm:block', className)}>
      <caption className="sr-only">{caption}</caption>
      <thead {...ROLES.rowgroup} className="max-sm:sr-only">
        <tr {...ROLES.row} className="border-b border-line">
          {columns.map((column) => (
            <HeaderCell key={column.key} column={column} />
          ))}
        </tr>
      </thead>
      <tbody {...ROLES.rowgroup} className="max-sm:block">
        {rows.map((row) => {
          const key = rowKey(row);
          return (
            <tr
              key={key}
              {...ROLES.row}
              data-selected={key === selectedKey || undefined}
              className={classNames(
                'relative border-b border-line max-sm:block max-sm:py-2.5',
                rowHref && 'hover:bg-hover hover:shadow-[-0.5rem_0_var(--paper-hover),0.5rem_0_var(--paper-hover)]',
                'data-selected:bg-link-soft data-selected:shadow-[-0.5rem_0_var(--link-soft),0.5rem_0_var(--link-soft)]',
              )}
            >
              {columns.map((column, index) => (
                <BodyCell
                  key={column.key}
                  column={column}
                  isFirst={index === 0}
                  href={index === 0 ? rowHref?.(row) : undefined}
                >
                  {column.cell(row)}
                </BodyCell>
              ))}
            </tr>
          );
        })}
      </tbody>
      {footer ? <FooterRow columns={columns} footer={footer} /> : null}
    </table>
  );
}

// CSS that turns a row into a card also takes its role in some browsers, so each role is said once more.
const ROLES = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

const cellPadding = 'px-3 first:pl-0 last:pr-0';

function HeaderCell<Row>({ column }: { readonly column: TableColumn<Row> }) {
  const { header, numeric, sortHref, sorted, width, headerHidden } = column;
  const Arrow = sorted === 'ascending' ? ArrowUp : sorted === 'descending' ? ArrowDown : ChevronsUpDown;
  return (
    <th
      {...ROLES.columnheader}
      scope="col"
      aria-sort={sorted ?? (sortHref ? 'none' : undefined)}
      style={width ? { width } : undefined}
      className={classNames(
        'h-9 text-xs font-medium whitespace-nowrap text-faint',
        cellPadding,
        numeric ? 'text-right' : 'text-left',
      )}
    >
      {headerHidden ? <span className="sr-only">{header}</span> : null}
      {!headerHidden && sortHref ? (
        <Link
          href={sortHref}
          className={classNames(
            'inline-flex items-center gap-1 rounded-sm hover:text-ink',
            sorted && 'text-ink',
            numeric && 'flex-row-reverse',
          )}
        >
          {header}
          <Arrow aria-hidden className="size-3" />
        </Link>
      ) : null}
      {!headerHidden && !sortHref ? header : null}
    </th>
  );
}

interface BodyCellProps<Row> {
  readonly column: TableColumn<Row>;
  readonly isFirst: boolean;
  readonly href: string | undefined;
  readonly children: ReactNode;
}

function BodyCell<Row>({ column, isFirst, href, children }: BodyCellProps<Row>) {
  return (
    <td
      {...ROLES.cell}
      className={classNames(
        'h-9 py-1 align-middle text-ink',
        cellPadding,
        column.numeric && 'text-right tabular',
        'max-sm:flex max-sm:h-auto max-sm:items-baseline max-sm:justify-between max-sm:gap-4 max-sm:px-0 max-sm:py-0.75 max-sm:text-right',
        isFirst && 'max-sm:text-base max-sm:font-medium',
        column.headerHidden && 'max-sm:justify-end',
      )}
    >
      {isFirst || column.headerHidden ? null : (
        <span aria-hidden className="shrink-0 text-xs text-faint sm:hidden">
          {column.header}
        </span>
      )}
      <span
        className={classNames('min-w-0 sm:contents', isFirst && 'max-sm:text-left', !isFirst && 'max-sm:break-words')}
      >
        {href ? (
          <Link
            href={href}
            scroll={false}
            className="font-medium text-ink before:absolute before:inset-0 focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-focus"
          >
            {children}
          </Link>
        ) : (
          children
        )}
      </span>
    </td>
  );
}

function FooterRow<Row>({
  columns,
  footer,
}: {
  readonly columns: readonly TableColumn<Row>[];
  readonly footer: Readonly<Record<string, ReactNode>>;
}) {
  return (
    <tfoot {...ROLES.rowgroup} className="max-sm:block">
      <tr {...ROLES.row} className="font-medium max-sm:block max-sm:py-2.5">
        {columns.map((column) => (
          <td
            key={column.key}
            {...ROLES.cell}
            className={classNames(
              'h-9 text-ink',
              cellPadding,
              column.numeric && 'text-right tabular',
              'max-sm:flex max-sm:h-auto max-sm:items-baseline max-sm:justify-between max-sm:px-0 max-sm:py-0.75',
              footer[column.key] === undefined && 'max-sm:hidden',
            )}
          >
            {footer[column.key] !== undefined && column.numeric ? (
              <span aria-hidden className="text-xs font-normal text-faint sm:hidden">
                {column.header}
              </span>
            ) : null}
            {footer[column.key]}
          </td>
        ))}
      </tr>
    </tfoot>
  );
}
