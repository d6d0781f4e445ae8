import { classNames } from './class-names.ts';
import type { BudgetShares } from './format/budget.ts';
import type { WholeNumber } from './format/whole.ts';

export const LIMIT_HATCHES = {
  healthy: 'text-green-fill',
  attention: 'text-amber-fill',
  exhausted: 'text-red-fill',
} as const;
export const LIMIT_INKS = { healthy: 'text-muted', attention: 'text-amber', exhausted: 'text-red' } as const;
const FILLS = { healthy: 'bg-green-fill', attention: 'bg-amber-fill', exhausted: 'bg-red-fill' } as const;

export interface LimitBarProps {
  readonly label: string;
  /** The same in words and figures: `3.20 of 5.00 USD spent`. */
  readonly valueText: string;
  readonly shares: BudgetShares;
  readonly spent: WholeNumber;
  readonly held: WholeNumber;
  readonly limit: WholeNumber;
  readonly attentionPercent: number;
}

/** A limit as a bar: what is used is filled, what is held is hatched, a mark shows where attention begins. */
export function LimitBar({ label, valueText, shares, spent, held, limit, attentionPercent }: LimitBarProps) {
  return (
    <div
      role="meter"
      aria-label={label}
      data-exact-spent={spent.toString()}
      data-exact-held={held.toString()}
      data-exact-limit={limit.toString()}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, shares.usedPercent)}
      aria-valuetext={valueText}
      className="relative flex h-2 w-full min-w-28 overflow-hidden rounded-full bg-line"
    >
      <span className={classNames('h-full', FILLS[shares.kind])} style={{ width: `${shares.spentPoints / 100}%` }} />
      <span
        className={classNames('h-full held-hatch', LIMIT_HATCHES[shares.kind])}
        style={{ width: `${shares.heldPoints / 100}%` }}
      />
      <span aria-hidden className="absolute inset-y-0 w-px bg-paper" style={{ left: `${attentionPercent}%` }} />
    </div>
  );
}
