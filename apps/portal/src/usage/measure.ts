import type { Measure } from '@tollwright/ui';

/** What of calls is counted, by its name in addresses. */
export const MEASURES = ['charged', 'calls', 'tokens', 'errors'] as const;
export type MeasureName = (typeof MEASURES)[number];

export const MEASURE_LABELS: Readonly<Record<MeasureName, string>> = {
  charged: 'Charged',
  calls: 'Calls',
  tokens: 'Tokens',
  errors: 'Errors',
};

interface Counted {
  readonly calls: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly chargedNanoUsd: string;
}

const UNITS: Readonly<Record<MeasureName, Measure>> = {
  charged: { kind: 'money' },
  calls: { kind: 'quantity', unit: { one: 'call', other: 'calls' } },
  tokens: { kind: 'quantity', unit: { one: 'token', other: 'tokens' } },
  errors: { kind: 'quantity', unit: { one: 'error', other: 'errors' } },
};

export function measureOf(name: MeasureName): Measure {
  return UNITS[name];
}

/** The counted figure as a whole number in text. */
export function measured(name: MeasureName, figures: Counted): string {
  switch (name) {
    case 'charged':
      return figures.chargedNanoUsd;
    case 'calls':
      return String(figures.calls);
    case 'tokens':
      return String(figures.inputTokens + figures.outputTokens);
    case 'errors':
      return String(figures.errors);
  }
}
