'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { classNames } from './class-names.ts';

export interface CopyButtonProps {
  readonly value: string;
  /** For assistive technology: `Copy key`. */
  readonly label: string;
  /** With words beside the icon. */
  readonly text?: string;
  readonly className?: string;
}

/** Puts a value on the clipboard and says so. */
export function CopyButton({ value, label, text, className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={label}
      onClick={() => void copyText(value).then(setCopied)}
      className={classNames(
        'inline-flex h-6 shrink-0 items-center justify-center gap-1.5 rounded-sm font-sans text-xs text-faint transition-colors duration-150 hover:bg-hover hover:text-ink',
        text ? 'px-2 font-medium text-muted' : 'w-6',
        className,
      )}
    >
      <Icon aria-hidden className={classNames('size-3.5', copied && 'text-green')} />
      {text ? <span>{copied ? 'Copied' : text}</span> : null}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return false;
  }
}
