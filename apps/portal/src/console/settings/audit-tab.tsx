import { EmptyState, Identifier, Pagination, Section, Table, Timestamp } from '@tollwright/ui';
import type { Members, Token } from '../../team/outputs.ts';
import type { AuditEntry } from '../outputs.ts';
import { auditActor, auditWords } from './audit-words.ts';

export interface AuditTabProps {
  readonly entries: readonly AuditEntry[];
  readonly members: Members;
  readonly tokens: readonly Token[];
  readonly previousHref: string | undefined;
  readonly nextHref: string | undefined;
}

/** Who changed what. */
export function AuditTab({ entries, members, tokens, previousHref, nextHref }: AuditTabProps) {
  return (
    <Section
      rule={false}
      title="Audit log"
      description="Who changed what, newest first. Nothing is ever taken out of it."
    >
      <Table
        caption="Audit log"
        rows={entries}
        rowKey={({ id }) => id}
        columns={[
          { key: 'at', header: 'Time', cell: ({ createdAt }) => <Timestamp at={createdAt} />, width: '11rem' },
          { key: 'actor', header: 'Who', cell: ({ actor }) => auditActor(actor, members, tokens) },
          {
            key: 'action',
            header: 'What',
            cell: ({ action }) => <span title={action}>{auditWords(action)}</span>,
          },
          { key: 'target', header: 'Which', cell: ({ targetId }) => <Identifier value={targetId} /> },
        ]}
        empty={<EmptyState title="Nothing has been changed yet">Every change is listed here.</EmptyState>}
      />
      {entries.length > 0 ? (
        <Pagination
          summary={`${entries.length} ${entries.length === 1 ? 'change' : 'changes'} on this page`}
          previousHref={previousHref}
          nextHref={nextHref}
        />
      ) : null}
    </Section>
  );
}
