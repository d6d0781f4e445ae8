import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Identifier } from './identifier.tsx';

/** The parts of a message that helps: what happened, why, what to do next, and what to quote to support. */
export interface CalloutError {
  readonly title: ReactNode;
  readonly why?: ReactNode;
  readonly next?: ReactNode;
  readonly requestId?: string | undefined;
}

export interface CalloutProps extends CalloutError {
  readonly tone?: 'info' | 'warning' | 'error';
  readonly action?: ReactNode;
  readonly className?: string;
}

const TONES = {
  info: { Icon: Info, box: 'bg-link-soft', ink: 'text-link' },
  warning: { Icon: TriangleAlert, box: 'bg-amber-soft', ink: 'text-amber' },
  error: { Icon: CircleAlert, box: 'bg-red-soft', ink: 'text-red' },
} as const;

/** Says something in place, where it happened. Errors are announced to assistive technology. */
export function Callout({ tone = 'info', title, why, next, requestId, action, className }: CalloutProps) {
  const { Icon, box, ink } = TONES[tone];
  return (
    <div
      role={tone === 'error' ? 'alert' : 'note'}
      className={classNames('flex gap-2.5 rounded-md px-3.5 py-3', box, className)}
    >
      <Icon aria-hidden className={classNames('mt-0.75 size-4 shrink-0', ink)} />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{title}</p>
        {why ? <div className="mt-0.5 text-ink/85">{why}</div> : null}
        {next ? <div className="mt-0.5 text-ink/85">{next}</div> : null}
        {requestId ? (
          <p className="mt-1.5 flex flex-wrap items-center gap-x-1.5 text-xs text-ink/80">
            Request <Identifier value={requestId} />
          </p>
        ) : null}
        {action ? <div className="mt-2.5 flex flex-wrap gap-2">{action}</div> : null}
      </div>
    </div>
  );
}
