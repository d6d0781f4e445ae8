import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { colourOf, type HueMap } from './format/series.ts';
import { basisPoints, parseWhole, type WholeNumber } from './format/whole.ts';
import { Link } from './link.tsx';
import { type Measure, MeasuredValue } from './measure.tsx';

export interface RankedItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: WholeNumber;
  readonly href?: string | undefined;
}

export interface RankedBarsProps {
  /** What is ranked, over which period; read aloud. */
  readonly label: string;
  readonly items: readonly RankedItem[];
  readonly measure: Measure;
  /** Colours the bars like the page's charts; without it they are neutral. */
  readonly hues?: HueMap | undefined;
  readonly empty: ReactNode;
  readonly className?: string;
}

/** A list in which length shows size: the longest bar is the first. Sorted by the caller's own order. */
export function RankedBars({ label, items, measure, hues, empty, className }: RankedBarsProps) {
  if (items.length === 0) return <>{empty}</>;
  const top = largest(items.map(({ value }) => parseWhole(value)));
  return (
    <ol aria-label={label} className={classNames('text-sm', className)}>
      {items.map(({ key, label: name, value, href }) => (
        <li key={key} className="relative flex min-h-9 flex-col justify-center border-b border-line py-1.5">
          <div className="flex items-baseline justify-between gap-4">
            {href ? (
              <Link
                href={href}
                className="min-w-0 truncate rounded-sm text-ink before:absolute before:inset-0 hover:before:bg-hover/50"
              >
                {name}
              </Link>
            ) : (
              <span className="min-w-0 truncate text-ink">{name}</span>
            )}
            <MeasuredValue measure={measure} value={value} />
          </div>
          <span
            aria-hidden
            className="mt-1 block h-1 rounded-full"
            style={{
              width: `max(2px, ${basisPoints(parseWhole(value), top) / 100}%)`,
              background: hues ? colourOf(hues, key) : 'var(--line-strong)',
            }}
          />
        </li>
      ))}
    </ol>
  );
}

function largest(values: readonly bigint[]): bigint {
  let most = 0n;
  for (const value of values) if (value > most) most = value;
  return most;
}
