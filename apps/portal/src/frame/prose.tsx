import Markdown from 'react-markdown';

/** A page written in Markdown, in the product's type. */
export function Prose({ markdown }: { readonly markdown: string }) {
  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-4 text-base leading-relaxed wrap-anywhere [&_code]:font-mono [&_code]:text-sm [&_h1]:text-2xl [&_h1]:font-semibold [&_h1]:tracking-tight [&_h2]:mt-4 [&_h2]:text-lg [&_h2]:font-semibold [&_pre]:whitespace-pre-wrap [&_pre]:rounded-md [&_pre]:border [&_pre]:border-line [&_pre]:bg-sunken [&_pre]:p-4 [&_ul]:list-disc [&_ul]:pl-5">
      <Markdown>{markdown}</Markdown>
    </article>
  );
}
