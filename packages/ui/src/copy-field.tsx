import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';

export interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly className?: string;
}

/** A value that is made to be copied: a base URL, a wallet address, a token. Wraps rather than scrolls. */
export function CopyField({ label, value, className }: CopyFieldProps) {
  return (
    <div className={classNames('min-w-0', className)}>
      <p className="mb-1 text-sm font-medium text-ink">{label}</p>
      <div className="flex items-start justify-between gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 py-0.75 font-mono text-sm leading-5 break-all select-all">{value}</code>
        <CopyButton value={value} label={`Copy ${label.toLowerCase()}`} text="Copy" className="mt-0.5" />
      </div>
    </div>
  );
}
