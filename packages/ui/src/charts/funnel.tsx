import type { ReactNode } from 'react';
import { classNames } from '../class-names.ts';
import { basisPoints } from '../format/whole.ts';
import { Link } from '../link.tsx';
import { Quantity } from '../quantity.tsx';

export interface FunnelLoss {
  readonly key: string;
  /** Why: `Expired`. */
  readonly label: string;
  readonly count: number;
  /** Where they are listed. */
  readonly href?: string | undefined;
  /** Not lost yet: it may still get further. */
  readonly open?: boolean;
}

export interface FunnelStep {
  readonly key: string;
  readonly label: string;
  /** What is counted, in a few words. */
  readonly hint: string;
  readonly count: number;
  /** How many got no further than here, and why; most frequent first. */
  readonly losses: readonly FunnelLoss[];
  /** Money came, or the call was answered. */
  readonly good?: boolean;
}

export interface FunnelProps {
  /** What goes through, over which period; read aloud. */
  readonly label: string;
  readonly steps: readonly FunnelStep[];
  readonly empty: ReactNode;
  readonly className?: string;
}

/** How many got from each step to the next, and where the others were lost. Lengths are shares of the longest step. */
export function Funnel({ label, steps, empty, className }: FunnelProps) {
  const most = Math.max(...steps.map(({ count }) => count));
  if (!(most > 0)) return <>{empty}</>;
  return (
    <ol aria-label={label} className={classNames('border-y border-line text-sm', className)}>
      {steps.map((step, index) => (
        <li
          key={step.key}
          className="grid gap-x-6 gap-y-1.5 border-line py-3 not-first:border-t sm:grid-cols-[11rem_1fr]"
        >
          <div className="flex items-baseline justify-between gap-3 sm:block">
            <p className="font-medium text-ink">{step.label}</p>
            <p className="text-xs text-faint">{step.hint}</p>
          </div>
          <div className="min-w-0">
            <div className="flex items-center gap-3">
              <span className="block h-5 min-w-0 flex-1" aria-hidden>
                <span
                  className={classNames('block h-full rounded-xs', step.good ? 'bg-green-fill' : 'bg-line-strong')}
                  style={{
                    width:
                      step.count === 0 ? '1px' : `max(2px, ${basisPoints(BigInt(step.count), BigInt(most)) / 100}%)`,
                  }}
                />
              </span>
              <span className="flex w-32 shrink-0 items-baseline justify-end gap-2">
                <Quantity value={BigInt(step.count)} figure={`funnel-${step.key}`} className="font-medium text-ink" />
                <span className="w-14 text-right text-xs text-faint tabular">{shareOf(steps[index - 1], step)}</span>
              </span>
            </div>
            <Losses losses={step.losses} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Losses({ losses }: { readonly losses: readonly FunnelLoss[] }) {
  if (losses.length === 0) return null;
  return (
    <ul className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-muted">
      {losses.map(({ key, label, count, href, open }) => (
        <li key={key} className="flex items-baseline gap-1.5" data-loss={key}>
          <span className={classNames('tabular', open ? 'text-amber' : 'text-red')}>{open ? count : `−${count}`}</span>
          {href === undefined ? (
            label
          ) : (
            <Link href={href} className="rounded-sm underline decoration-line-strong underline-offset-2 hover:text-ink">
              {label}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

/** How many of the step before came here. */
function shareOf(before: FunnelStep | undefined, { count }: FunnelStep): string {
  if (before === undefined || before.count === 0) return '';
  return `${Math.round((count / before.count) * 1_000) / 10} %`;
}
