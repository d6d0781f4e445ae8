import { classNames } from './class-names.ts';
import { parseWhole, toDrawn, type WholeNumber } from './format/whole.ts';

export interface SparklineProps {
  /** In words, for assistive technology: `Calls a day, last 7 days: from 120 to 3.4k`. */
  readonly label: string;
  readonly values: readonly WholeNumber[];
  readonly className?: string;
}

const WIDTH = 96;
const HEIGHT = 24;

/** The course of one number, in a row. Begins at zero, so that heights compare. */
export function Sparkline({ label, values, className }: SparklineProps) {
  const drawn = values.map((value) => toDrawn(parseWhole(value)));
  const top = Math.max(1, ...drawn);
  const step = WIDTH / Math.max(1, drawn.length - 1);
  const points = drawn.map(
    (value, index) => `${(index * step).toFixed(2)},${(HEIGHT - 1.5 - (value / top) * (HEIGHT - 3)).toFixed(2)}`,
  );
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={classNames('inline-block h-6 w-24 overflow-visible align-middle text-link', className)}
    >
      {points.length > 1 ? (
        <>
          <polygon points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`} fill="currentColor" opacity={0.1} />
          <polyline
            points={points.join(' ')}
            fill="none"
            stroke="currentColor"
            strokeWidth={1.5}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </>
      ) : null}
    </svg>
  );
}
