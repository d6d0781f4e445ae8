import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { budgetShares } from './format/budget.ts';
import { formatQuantityExact, type Unit } from './format/quantity.ts';
import { parseWhole, type WholeNumber } from './format/whole.ts';
import { LIMIT_HATCHES, LIMIT_INKS, LimitBar } from './limit-bar.tsx';
import { Quantity } from './quantity.tsx';

export interface QuotaGaugeProps {
  /** Names the quota for assistive technology: `Quota of tokens`. */
  readonly label: string;
  readonly unit: Unit;
  readonly used: WholeNumber;
  /** Reserved by calls in progress. */
  readonly held: WholeNumber;
  readonly limit: WholeNumber;
  /** From this share on it is amber. */
  readonly attentionPercent?: number;
  /** `this month`, and when it starts anew. */
  readonly period: ReactNode;
  readonly className?: string;
}

/** What is used, held and left of a limited number of things. */
export function QuotaGauge({
  label,
  unit,
  used,
  held,
  limit,
  attentionPercent = 80,
  period,
  className,
}: QuotaGaugeProps) {
  const shares = budgetShares(used, held, limit, attentionPercent);
  const heldWhole = parseWhole(held);
  return (
    <div className={classNames('min-w-0', className)}>
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <p className="text-base">
          <Quantity figure="used" value={used} className="font-medium text-ink" />
          <span className="text-muted"> used of </span>
          <Quantity figure="limit" value={limit} unit={unit} className="text-ink" />
        </p>
        <p className="text-sm text-faint">{period}</p>
      </div>
      <LimitBar
        label={label}
        valueText={`${formatQuantityExact(used)} of ${formatQuantityExact(limit)} used, ${formatQuantityExact(heldWhole)} held`}
        shares={shares}
        spent={used}
        held={heldWhole}
        limit={limit}
        attentionPercent={attentionPercent}
      />
      <div className="mt-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
        <p className="flex items-center gap-1.5 text-muted">
          <span
            aria-hidden
            className={classNames('inline-block h-2 w-3.5 rounded-xs held-hatch', LIMIT_HATCHES[shares.kind])}
          />
          <Quantity figure="held" value={heldWhole} /> held by calls in progress
        </p>
        <p className={LIMIT_INKS[shares.kind]}>
          {shares.kind === 'exhausted' ? (
            'Nothing left: further calls are refused'
          ) : (
            <>
              {shares.usedPercent}% used, <Quantity figure="left" value={shares.left} /> left
            </>
          )}
        </p>
      </div>
    </div>
  );
}
