import { CodeBlock } from '@tollwright/ui';
import { curlSnippet, envSnippet, fetchSnippet, openaiSnippet, type SnippetTarget } from '../snippets.ts';

/** The same call with a key, in the ways that agents make it. */
export function SnippetsGrid({ target }: { readonly target: SnippetTarget }) {
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <div className="grid min-w-0 content-start gap-3">
        <CodeBlock title="curl" code={curlSnippet(target, 'YOUR_KEY')} wrap />
        {target.openaiBaseUrl === null ? null : (
          <CodeBlock title="openai SDK" code={openaiSnippet(target.openaiBaseUrl, target.model)} wrap />
        )}
      </div>
      <div className="grid min-w-0 content-start gap-3">
        <CodeBlock
          title={target.openaiBaseUrl === null ? '.env' : '.env of any OpenAI client'}
          code={envSnippet(target, 'YOUR_KEY')}
          wrap
        />
        <CodeBlock title="fetch" code={fetchSnippet(target)} wrap />
      </div>
    </div>
  );
}
