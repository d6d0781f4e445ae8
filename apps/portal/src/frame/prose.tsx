import { Table } from '@tollwright/ui';
import Markdown, { type Components } from 'react-markdown';
import { markdownBlocks } from './markdown-blocks.ts';

/** A cell is a piece of a line. */
const INLINE: Components = { p: ({ children }) => children };

/** A page written in Markdown, in the product's type. */
export function Prose({ markdown }: { readonly markdown: string }) {
  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-4 text-base leading-relaxed wrap-anywhere [&_code]:font-mono [&_code]:text-sm [&_h1]:text-2xl [&_h1]:font-semibold [&_h1]:tracking-tight [&_h2]:mt-4 [&_h2]:text-lg [&_h2]:font-semibold [&_pre]:whitespace-pre-wrap [&_pre]:rounded-md [&_pre]:border [&_pre]:border-line [&_pre]:bg-sunken [&_pre]:p-4 [&_ul]:list-disc [&_ul]:pl-5">
      {markdownBlocks(markdown).map((block, index) =>
        block.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a page's parts keep their places
          <Markdown key={index}>{block.markdown}</Markdown>
        ) : (
          <Table
            // biome-ignore lint/suspicious/noArrayIndexKey: a page's parts keep their places
            key={index}
            caption={block.head.join(', ').replaceAll('`', '')}
            rows={block.rows}
            rowKey={(row) => row.join()}
            columns={block.head.map((header, at) => ({
              key: header,
              header: header.replaceAll('`', ''),
              cell: (row: readonly string[]) => <Markdown components={INLINE}>{row[at] ?? ''}</Markdown>,
            }))}
            empty={null}
          />
        ),
      )}
    </article>
  );
}
