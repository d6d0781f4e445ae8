import { CodeBlock } from '@tollwright/ui';
import { type SnippetTarget, strangerSnippet, x402Snippet } from '../snippets.ts';

/** How an agent without a key learns the price, and how it pays. */
export function StrangerSnippets({ target }: { readonly target: SnippetTarget }) {
  return (
    <div className="grid items-start gap-3 lg:grid-cols-2">
      <CodeBlock title="Ask for the price" code={strangerSnippet(target)} wrap />
      <CodeBlock title="@x402/fetch" code={x402Snippet(target)} wrap />
    </div>
  );
}
