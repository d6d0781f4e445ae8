import { Badge, EmptyState, LinkButton, Table, Timestamp } from '@tollwright/ui';
import type { Extractor, Route } from '../outputs.ts';
import { RULE_LABELS, ruleNotes } from './rule-draft.ts';

export interface ExtractorsListProps {
  readonly extractors: readonly Extractor[];
  readonly routes: readonly Route[];
  readonly newHref: string;
  readonly mayWrite: boolean;
}

/** What reads answers, and which routes of this API use it. */
export function ExtractorsList({ extractors, routes, newHref, mayWrite }: ExtractorsListProps) {
  const usedBy = (id: string) => routes.filter(({ extractorId }) => extractorId === id).length;
  return (
    <Table
      caption="Extractors"
      rows={extractors}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', header: 'Name', cell: ({ name }) => name },
        {
          key: 'rule',
          header: 'Reads',
          cell: ({ rule }) => (
            <>
              {rule.kind === 'openai' || rule.kind === 'anthropic' ? (
                <Badge tone="blue">{RULE_LABELS[rule.kind]}</Badge>
              ) : (
                <span className="font-mono text-xs break-all">
                  {Object.entries(rule.kind === 'json' ? rule.fields : rule.headers)
                    .map(([name, from]) => `${name}: ${from}`)
                    .join(', ')}
                </span>
              )}
              <span className="block text-xs text-muted empty:hidden">{ruleNotes(rule)}</span>
            </>
          ),
        },
        { key: 'routes', header: 'Routes here', numeric: true, cell: ({ id }) => usedBy(id) },
        { key: 'created', header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
      ]}
      empty={
        <EmptyState
          title="No extractors yet"
          action={
            mayWrite ? (
              <LinkButton href={newHref} variant="primary">
                Create extractor
              </LinkButton>
            ) : null
          }
        >
          An extractor reads an answer: which model, how many tokens. Without one, calls are counted but tokens are not.
        </EmptyState>
      }
    />
  );
}
