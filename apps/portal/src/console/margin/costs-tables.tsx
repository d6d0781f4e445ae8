import { Badge, EmptyState, Section, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { CostTable } from '../outputs.ts';
import type { CostScope } from './cost-scopes.ts';
import { type CostState, costStates, scopeOf } from './cost-states.ts';

export interface CostsTablesProps {
  readonly tables: readonly CostTable[];
  readonly scopes: readonly CostScope[];
  readonly nowMs: number;
  readonly action: ReactNode;
}

const TONES = { 'in force': 'green', 'from then on': 'blue', past: 'neutral' } as const;

/** The prices in force, scope by scope, and everything that was said of costs. */
export function CostsTables({ tables, scopes, nowMs, action }: CostsTablesProps) {
  const states = costStates(tables, nowMs);
  const nameOf = (table: CostTable) =>
    scopes.find(({ value }) => value === scopeOf(table))?.label ?? 'An API that is gone';
  const inForce = tables.filter(({ id, models }) => states.get(id) === 'in force' && models.length > 0);
  return (
    <div>
      {inForce.map((table) => (
        <Section
          key={table.id}
          title={`Model costs: ${nameOf(table)}`}
          description="Dollars for a million tokens, in force now."
        >
          <ModelCosts table={table} />
        </Section>
      ))}
      <Section title="Cost tables" description="Each says what calls cost from its moment on; none is ever changed.">
        <Table
          caption="Cost tables, newest first"
          rows={tables}
          rowKey={({ id }) => id}
          columns={[
            { key: 'scope', header: 'For', cell: (table) => nameOf(table) },
            { key: 'from', header: 'From', cell: ({ effectiveFrom }) => <Timestamp at={effectiveFrom} /> },
            {
              key: 'call',
              header: 'A call',
              numeric: true,
              cell: ({ callUsd }) =>
                callUsd === null ? <span className="text-faint">Not said</span> : `${callUsd} USD`,
            },
            { key: 'models', header: 'Models', numeric: true, cell: ({ models }) => models.length },
            { key: 'state', header: 'State', cell: ({ id }) => <StateBadge state={states.get(id) ?? 'past'} /> },
          ]}
          empty={
            <EmptyState title="No costs yet" action={action}>
              Say what a call costs you, and what a million tokens of each model cost. Calls that come in after that
              know their margin.
            </EmptyState>
          }
        />
      </Section>
    </div>
  );
}

function StateBadge({ state }: { readonly state: CostState }) {
  return <Badge tone={TONES[state]}>{state.charAt(0).toUpperCase() + state.slice(1)}</Badge>;
}

function ModelCosts({ table }: { readonly table: CostTable }) {
  const price = (usd: string | null, whole: string) =>
    usd === null ? <span className="text-faint">as {whole}</span> : `${usd} USD`;
  return (
    <Table
      caption="Model costs"
      rows={table.models}
      rowKey={({ model }) => model}
      columns={[
        { key: 'model', header: 'Model', cell: ({ model }) => <span className="font-mono text-xs">{model}</span> },
        { key: 'input', header: 'Input', numeric: true, cell: (cost) => `${cost.inputUsdPerMillion} USD` },
        {
          key: 'cached',
          header: 'Cached input',
          numeric: true,
          cell: (cost) => price(cost.cachedInputUsdPerMillion, 'input'),
        },
        {
          key: 'write',
          header: 'Cache write',
          numeric: true,
          cell: (cost) => price(cost.cacheWriteUsdPerMillion, 'input'),
        },
        { key: 'output', header: 'Output', numeric: true, cell: (cost) => `${cost.outputUsdPerMillion} USD` },
        {
          key: 'reasoning',
          header: 'Reasoning',
          numeric: true,
          cell: (cost) => price(cost.reasoningUsdPerMillion, 'output'),
        },
      ]}
      empty={null}
    />
  );
}
