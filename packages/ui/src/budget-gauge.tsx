import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { budgetShares } from './format/budget.ts';
import { formatNanoUsdCompact } from './format/money.ts';
import { parseWhole, type WholeNumber } from './format/whole.ts';
import { LIMIT_HATCHES, LIMIT_INKS, LimitBar } from './limit-bar.tsx';
import { Money } from './money.tsx';

export interface BudgetGaugeProps {
  /** Names the budget for assistive technology: `Monthly budget of agent-alpha`. */
  readonly label: string;
  readonly spentNanoUsd: WholeNumber;
  readonly heldNanoUsd: WholeNumber;
  readonly limitNanoUsd: WholeNumber;
  /** From this share on it is amber. */
  readonly attentionPercent?: number;
  /** `this month`, and when it starts anew: `resets 1 Dec`. */
  readonly period: ReactNode;
  /** The bar alone, for a table row. */
  readonly barOnly?: boolean;
  readonly className?: string;
}

/** What is spent, what is held and what is left of a limit. Held money is hatched; a mark shows where attention begins. */
export function BudgetGauge(props: BudgetGaugeProps) {
  const {
    label,
    spentNanoUsd,
    heldNanoUsd,
    limitNanoUsd,
    attentionPercent = 80,
    period,
    barOnly = false,
    className,
  } = props;
  const shares = budgetShares(spentNanoUsd, heldNanoUsd, limitNanoUsd, attentionPercent);
  const held = parseWhole(heldNanoUsd);
  const bar = (
    <LimitBar
      label={label}
      valueText={`${formatNanoUsdCompact(spentNanoUsd)} of ${formatNanoUsdCompact(limitNanoUsd)} USD spent, ${formatNanoUsdCompact(held)} USD held`}
      shares={shares}
      spent={spentNanoUsd}
      held={held}
      limit={limitNanoUsd}
      attentionPercent={attentionPercent}
    />
  );
  if (barOnly) return <div className={className}>{bar}</div>;
  return (
    <div className={classNames('min-w-0', className)}>
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <p className="text-base">
          <Money figure="spent" nanoUsd={spentNanoUsd} mode="compact" className="font-medium text-ink" />
          <span className="text-muted"> spent of </span>
          <Money figure="limit" nanoUsd={limitNanoUsd} mode="compact" className="text-ink" />
        </p>
        <p className="text-sm text-faint">{period}</p>
      </div>
      {bar}
      <div className="mt-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
        <p className="flex items-center gap-1.5 text-muted">
          <span
            aria-hidden
            className={classNames('inline-block h-2 w-3.5 rounded-xs held-hatch', LIMIT_HATCHES[shares.kind])}
          />
          <Money figure="held" nanoUsd={held} mode="compact" /> held by calls in progress
        </p>
        <p className={LIMIT_INKS[shares.kind]}>
          {shares.kind === 'exhausted' ? (
            'Nothing left: further calls are refused'
          ) : (
            <>
              {shares.usedPercent}% used, <Money figure="left" nanoUsd={shares.left} mode="compact" /> left
            </>
          )}
        </p>
      </div>
    </div>
  );
}
