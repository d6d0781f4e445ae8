import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';
import { ScrollRegion } from './scroll-region.tsx';

export interface CodeBlockProps {
  readonly code: string;
  /** What it is: `curl`, `Response`, `openapi.yaml`. */
  readonly title: string;
  /** Long lines break instead of scrolling sideways. */
  readonly wrap?: boolean;
  readonly className?: string;
}

/** Code to read and to copy. */
export function CodeBlock({ code, title, wrap = false, className }: CodeBlockProps) {
  return (
    <figure className={classNames('min-w-0 overflow-hidden rounded-md border border-line bg-sunken', className)}>
      <figcaption className="flex h-8 items-center justify-between gap-3 border-b border-line pr-1 pl-3 text-xs font-medium text-muted">
        <span className="truncate">{title}</span>
        <CopyButton value={code} label={`Copy ${title}`} text="Copy" />
      </figcaption>
      <ScrollRegion label={title} className="max-h-96 overflow-auto -outline-offset-2">
        <pre
          className={classNames(
            'px-3 py-2.5 font-mono text-xs leading-5 text-ink',
            wrap && 'break-words whitespace-pre-wrap',
          )}
        >
          <code>{code}</code>
        </pre>
      </ScrollRegion>
    </figure>
  );
}
