import { Badge, Link, Table } from '@tollwright/ui';
import { callAnswers, RESPONSE_HEADERS } from './answers.ts';

/** Statuses other than the API's own, each leading to its page. */
export function AnswersTable() {
  return (
    <Table
      caption="Refusals and failures of a call"
      rows={callAnswers()}
      rowKey={({ slug }) => slug}
      columns={[
        {
          key: 'slug',
          header: 'Problem',
          cell: ({ slug }) => (
            <Link href={`/problems/${slug}`} className="rounded-sm font-mono text-xs text-link hover:underline">
              {slug}
            </Link>
          ),
        },
        { key: 'status', header: 'Status', cell: ({ status }) => <Badge>{status}</Badge> },
        { key: 'title', header: 'Means', cell: ({ title }) => title },
        { key: 'hint', header: 'What to do', cell: ({ hint }) => hint },
        { key: 'retry', header: 'Retry unchanged', cell: ({ retryable }) => (retryable ? 'Yes' : 'No') },
      ]}
      empty={null}
    />
  );
}

/** Headers that the gateway adds to answers. */
export function HeadersTable() {
  return (
    <Table
      caption="Response headers"
      rows={RESPONSE_HEADERS}
      rowKey={({ name }) => name}
      columns={[
        { key: 'name', header: 'Header', cell: ({ name }) => <span className="font-mono text-xs">{name}</span> },
        { key: 'on', header: 'On', cell: ({ on }) => on },
        { key: 'says', header: 'Says', cell: ({ says }) => says },
      ]}
      empty={null}
    />
  );
}
