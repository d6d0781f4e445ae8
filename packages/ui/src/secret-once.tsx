import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import { CopyField } from './copy-field.tsx';

export interface SecretOnceProps {
  /** `Key of agent-alpha`. */
  readonly label: string;
  readonly value: string;
  /** What becomes of it if it is lost: `Lost keys cannot be shown again; create another and revoke this one.` */
  readonly warning: ReactNode;
  /** The first thing to do with it: a command that works as it stands. */
  readonly tryIt?: { readonly title: string; readonly code: string } | undefined;
  /** The button that ends it: `I have stored it`. */
  readonly done?: ReactNode;
}

/** A secret at the only moment it can be read, with the command that uses it. */
export function SecretOnce({ label, value, warning, tryIt, done }: SecretOnceProps) {
  return (
    <div className="min-w-0 space-y-4">
      <div className="flex gap-2.5 rounded-md bg-amber-soft px-3.5 py-3">
        <KeyRound aria-hidden className="mt-0.75 size-4 shrink-0 text-amber" />
        <div className="min-w-0 text-ink">
          <p className="font-medium">Copy it now: this is the only time it is shown</p>
          <p className="mt-0.5 text-ink/85">{warning}</p>
        </div>
      </div>
      <CopyField label={label} value={value} />
      {tryIt ? <CodeBlock title={tryIt.title} code={tryIt.code} wrap /> : null}
      {done}
    </div>
  );
}
