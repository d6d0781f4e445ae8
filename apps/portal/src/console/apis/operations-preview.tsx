import { Callout, MethodBadge, ScrollRegion, Table } from '@tollwright/ui';
import type { DocumentPreview } from '../outputs.ts';

/** What a document would become: its operations, and what is odd about it. */
export function OperationsPreview({ preview }: { readonly preview: DocumentPreview }) {
  const { operations, warnings } = preview;
  return (
    <div className="grid gap-5">
      {warnings.length > 0 ? (
        <Callout
          tone="warning"
          title={warnings.length === 1 ? 'One thing to know' : `${warnings.length} things to know`}
          why={
            <ul className="list-disc pl-4.5">
              {warnings.map((warning) => (
                <li key={warning} className="break-words">
                  {warning}
                </li>
              ))}
            </ul>
          }
        />
      ) : null}
      <div data-operations={operations.length}>
        <ScrollRegion label="Operations" className="max-h-96 overflow-y-auto">
          <Table
            caption="Operations of the document"
            rows={operations}
            rowKey={({ method, pathTemplate }) => `${method} ${pathTemplate}`}
            columns={[
              {
                key: 'path',
                header: 'Path',
                cell: ({ method, pathTemplate }) => (
                  <span className="inline-flex items-center gap-2">
                    <MethodBadge method={method} />
                    <span className="font-mono text-xs break-all">{pathTemplate}</span>
                  </span>
                ),
              },
              {
                key: 'summary',
                header: 'What it does',
                cell: ({ summary, operationId }) => summary || operationId,
              },
            ]}
            empty={null}
          />
        </ScrollRegion>
      </div>
    </div>
  );
}
