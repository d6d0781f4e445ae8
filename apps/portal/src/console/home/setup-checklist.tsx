import { LinkButton, Section } from '@tollwright/ui';
import { CircleCheck, CircleDashed } from 'lucide-react';
import type { SetupStep } from './setup.ts';

export interface SetupChecklistProps {
  readonly steps: readonly SetupStep[];
  readonly base: string;
  readonly mayWrite: boolean;
}

/** The first steps; it stays until the last one is done. */
export function SetupChecklist({ steps, base, mayWrite }: SetupChecklistProps) {
  const next = steps.find((step) => !step.done);
  if (!next) return null;
  const count = steps.filter((step) => step.done).length;
  return (
    <Section rule={false} title="Get started" description={`${count} of ${steps.length} steps done.`}>
      <ol className="border-y border-line">
        {steps.map((step) => (
          <li
            key={step.key}
            className="flex items-center gap-3 border-line py-3 not-first:border-t"
            data-step={step.key}
          >
            {step.done ? (
              <CircleCheck aria-hidden className="size-4.5 shrink-0 text-green" />
            ) : (
              <CircleDashed aria-hidden className="size-4.5 shrink-0 text-faint" />
            )}
            <div className="min-w-0 flex-1">
              <p className={step.done ? 'text-muted' : 'font-medium text-ink'}>
                {step.title}
                <span className="sr-only">{step.done ? ', done' : ', to do'}</span>
              </p>
              {step.done ? null : <p className="text-sm text-muted">{step.why}</p>}
            </div>
            {step.done || !mayWrite ? null : (
              <LinkButton href={`${base}${step.path}`} variant={step === next ? 'primary' : 'secondary'}>
                {step.action}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
