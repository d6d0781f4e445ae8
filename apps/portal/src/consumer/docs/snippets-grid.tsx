import { CodeBlock } from '@tollwright/ui';
import { curlSnippet, fetchSnippet, openaiSnippet, type SnippetTarget } from '../snippets.ts';

/** The same call with a key, in the ways that agents make it. */
export function SnippetsGrid({ target }: { readonly target: SnippetTarget }) {
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <CodeBlock title="curl" code={curlSnippet(target, 'YOUR_KEY')} />
      <CodeBlock title="fetch" code={fetchSnippet(target)} />
      {target.openaiBaseUrl === null ? null : (
        <CodeBlock title="openai SDK" code={openaiSnippet(target.openaiBaseUrl, target.model)} />
      )}
    </div>
  );
}
