import { Badge, EmptyState, Money, Pagination, Quantity, Section, Table, Timestamp } from '@tollwright/ui';
import type { Agent, AgentKey, UsageTop } from '../outputs.ts';
import { KeysTable } from './keys-table.tsx';

export interface AgentsTabProps {
  readonly customerId: string;
  readonly agents: readonly Agent[];
  readonly keys: readonly AgentKey[];
  /** Of every key's agent. */
  readonly agentNames: ReadonlyMap<string, string>;
  /** By agent, of the last 30 days. */
  readonly usage: UsageTop;
  readonly base: string;
  readonly mayWrite: boolean;
  readonly pages: {
    readonly previous: string | undefined;
    readonly next: string | undefined;
    readonly nextKeys: string | undefined;
  };
}

/** A customer's agents with their keys. */
export function AgentsTab(props: AgentsTabProps) {
  const { customerId, agents, keys, agentNames, usage, base, mayWrite, pages } = props;
  const used = new Map(usage.groups.map((group) => [group.key, group]));
  return (
    <div>
      <Section
        title="Keys"
        description={mayWrite ? 'You can end a key; nobody can see one again.' : 'Nobody can see one again.'}
      >
        <KeysTable customerId={customerId} keys={keys} agentNames={agentNames} mayWrite={mayWrite} />
        {pages.nextKeys ? <Pagination summary={`${keys.length} keys on this page`} nextHref={pages.nextKeys} /> : null}
      </Section>
      <Section title="Agents" description="Calls and charges of the last 30 days.">
        <Table
          caption="Agents"
          rows={agents}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `${base}/usage?view=calls&agent=${id}`}
          columns={[
            { key: 'name', header: 'Name', cell: ({ name }) => name },
            {
              key: 'framework',
              header: 'Framework',
              cell: ({ framework }) => (framework ? <Badge>{framework}</Badge> : null),
            },
            { key: 'keys', header: 'Active keys', numeric: true, cell: ({ activeKeys }) => activeKeys },
            {
              key: 'calls',
              header: 'Calls',
              numeric: true,
              cell: ({ id }) => <Quantity value={used.get(id)?.calls ?? 0} />,
            },
            {
              key: 'charged',
              header: 'Charged',
              numeric: true,
              cell: ({ id }) => <Money nanoUsd={used.get(id)?.chargedNanoUsd ?? '0'} mode="compact" />,
            },
            { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
          ]}
          empty={<EmptyState title="No agents yet">Its owners create them in your portal.</EmptyState>}
        />
        {pages.previous || pages.next ? (
          <Pagination
            summary={`${agents.length} agents on this page`}
            previousHref={pages.previous}
            nextHref={pages.next}
          />
        ) : null}
      </Section>
    </div>
  );
}
