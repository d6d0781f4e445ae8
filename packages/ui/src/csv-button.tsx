'use client';

import { Download } from 'lucide-react';
import { Button, type ButtonProps } from './button.tsx';
import { classNames } from './class-names.ts';
import { type CsvCell, toCsv } from './format/csv.ts';

export interface CsvButtonProps extends Pick<ButtonProps, 'variant' | 'size'> {
  /** Without `.csv`: `usage-agent-alpha-2026-11`. */
  readonly filename: string;
  /** The first row holds the names of the columns, each with its unit. */
  readonly rows: readonly (readonly CsvCell[])[];
  readonly label?: string;
}

/** Saves the rows that the page shows, with exact numbers. Without a box its words stand on the edge of what it belongs to. */
export function CsvButton({ filename, rows, label = 'Download CSV', variant = 'quiet', size = 'sm' }: CsvButtonProps) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = `${filename}.csv`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 1_000);
  };
  return (
    <Button variant={variant} size={size} onClick={save} className={classNames(variant === 'quiet' && '-mx-2.5')}>
      <Download aria-hidden />
      {label}
    </Button>
  );
}
