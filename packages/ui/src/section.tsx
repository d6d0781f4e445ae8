import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface SectionProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly action?: ReactNode;
  readonly id?: string;
  /** False where sections stand side by side and no rule is needed between them. */
  readonly rule?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page, set off by a rule and air, not by a box. Its title names the region. */
export function Section({ title, description, action, id, rule = true, className, children }: SectionProps) {
  const headingId = useId();
  return (
    <section
      id={id}
      aria-labelledby={headingId}
      className={classNames('min-w-0 pb-8', rule && 'border-t border-line pt-5 first:border-t-0 first:pt-0', className)}
    >
      <SectionHeading id={headingId} title={title} description={description} action={action} />
      {children}
    </section>
  );
}

/** A box around one thing that is picked up whole: a plan to choose, a form that stands alone. Never inside another. */
export function Card({ title, description, action, id, className, children }: Partial<SectionProps>) {
  const headingId = useId();
  return (
    <section
      id={id}
      aria-labelledby={title ? headingId : undefined}
      className={classNames('min-w-0 rounded-lg border border-line bg-paper p-5', className)}
    >
      {title ? <SectionHeading id={headingId} title={title} description={description} action={action} /> : null}
      {children}
    </section>
  );
}

interface SectionHeadingProps extends Pick<SectionProps, 'title' | 'description' | 'action'> {
  readonly id: string;
}

function SectionHeading({ id, title, description, action }: SectionHeadingProps) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <h2 id={id} className="text-lg font-semibold tracking-tight text-ink">
          {title}
        </h2>
        {description ? <p className="mt-0.5 max-w-2xl text-base text-muted">{description}</p> : null}
      </div>
      {action ? <div className="flex shrink-0 items-center gap-2">{action}</div> : null}
    </div>
  );
}
