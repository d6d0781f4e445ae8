import { cva } from 'class-variance-authority';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** What a colour says: paid or healthy, attention, refused or lost, selected, nothing. */
export type Tone = 'green' | 'amber' | 'red' | 'blue' | 'neutral';

const badgeStyles = cva('inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap', {
  variants: {
    tone: {
      green: 'bg-green-soft text-green',
      amber: 'bg-amber-soft text-amber',
      red: 'bg-red-soft text-red',
      blue: 'bg-link-soft text-link',
      neutral: 'bg-hover text-muted',
    },
  },
});

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A state in one or two words. Colour repeats what the word says, it never stands alone. */
export function Badge({ tone = 'neutral', icon, className, children }: BadgeProps) {
  return (
    <span className={classNames(badgeStyles({ tone }), '[&_svg]:size-3', className)}>
      {icon}
      {children}
    </span>
  );
}
