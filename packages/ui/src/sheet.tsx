'use client';

import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { buttonStyles } from './button.tsx';
import { classNames } from './class-names.ts';
import { useNavigate } from './link.tsx';
import { ScrollRegion } from './scroll-region.tsx';

interface SheetContent {
  readonly title: ReactNode;
  /** One line on what this is; read aloud with the title. */
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Stays at the lower edge: the actions. */
  readonly footer?: ReactNode;
  readonly side?: 'right' | 'left';
  readonly className?: string;
}

/**
 * Three ways to open: `closeHref` when the address opened it (a permanent link), `trigger` when a button does, or
 * `open` with `onOpenChange`.
 */
export type SheetProps = SheetContent &
  (
    | { readonly closeHref: string }
    | { readonly trigger: ReactNode }
    | { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }
  );

/** One row in full, beside the list it came from. */
export function Sheet(props: SheetProps) {
  const navigate = useNavigate();
  const { title, description, children, footer, side = 'right', className } = props;
  const state =
    'closeHref' in props
      ? { open: true, onOpenChange: (open: boolean) => (open ? undefined : navigate(props.closeHref)) }
      : 'open' in props
        ? { open: props.open, onOpenChange: props.onOpenChange }
        : {};
  return (
    <Dialog.Root {...state}>
      {'trigger' in props ? <Dialog.Trigger asChild>{props.trigger}</Dialog.Trigger> : null}
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <Dialog.Content
          onOpenAutoFocus={focusContent}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={classNames(
            'fixed inset-y-0 z-50 flex w-full max-w-xl flex-col bg-paper text-base text-ink shadow-raised outline-none',
            side === 'right' ? 'right-0 animate-slide-left' : 'left-0 animate-slide-right',
            className,
          )}
        >
          <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-4">
            <div className="min-w-0">
              <Dialog.Title className="text-lg font-semibold tracking-tight break-words">{title}</Dialog.Title>
              {description ? (
                <Dialog.Description asChild>
                  <div className="mt-0.5 text-sm text-muted">{description}</div>
                </Dialog.Description>
              ) : null}
            </div>
            <Dialog.Close className={classNames(buttonStyles({ variant: 'quiet', size: 'sm' }), '-mr-2 w-7 px-0')}>
              <X aria-hidden />
              <span className="sr-only">Close</span>
            </Dialog.Close>
          </div>
          <ScrollRegion label="Details" className="min-h-0 flex-1 overflow-y-auto px-5 py-4 -outline-offset-2">
            {children}
          </ScrollRegion>
          {footer ? <div className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</div> : null}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The sheet itself takes the focus: its first control has not been asked for. */
function focusContent(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}
