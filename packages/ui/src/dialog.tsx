'use client';

import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly className?: string;
}

/** A short question that must be answered first. Anything with more than two fields belongs on a page or in a sheet. */
export function Dialog({ open, onOpenChange, title, description, children, footer, className }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <div className="pointer-events-none fixed inset-0 z-50 flex items-start justify-center p-4 pt-[14vh]">
          <Primitive.Content
            {...(description ? {} : { 'aria-describedby': undefined })}
            className={classNames(
              'pointer-events-auto flex max-h-[72vh] w-full max-w-md animate-rise flex-col overflow-y-auto rounded-lg bg-raised p-5 text-base text-ink shadow-raised outline-none',
              className,
            )}
          >
            <Primitive.Title className="text-lg font-semibold tracking-tight">{title}</Primitive.Title>
            {description ? (
              <Primitive.Description asChild>
                <div className="mt-1.5 text-base text-muted">{description}</div>
              </Primitive.Description>
            ) : null}
            {children ? <div className="mt-4">{children}</div> : null}
            {footer ? <div className="mt-5 flex justify-end gap-2">{footer}</div> : null}
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
