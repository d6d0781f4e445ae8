'use client';

import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './link.tsx';

export interface DropdownMenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'end';
  readonly className?: string;
  readonly children: ReactNode;
}

const itemStyles =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-sm text-ink outline-none select-none data-highlighted:bg-hover data-disabled:pointer-events-none data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:text-faint';

/** What can be done with a thing, or where to go from here. Opens in place, so that it stays within its landmark. */
export function DropdownMenu({ trigger, align = 'end', className, children }: DropdownMenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Content
        align={align}
        sideOffset={6}
        collisionPadding={8}
        className={classNames(
          'z-50 max-h-[70vh] min-w-52 animate-rise overflow-y-auto rounded-lg bg-raised p-1 shadow-raised',
          className,
        )}
      >
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}

export function DropdownItem({
  onSelect,
  danger = false,
  disabled = false,
  children,
}: {
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Primitive.Item onSelect={onSelect} disabled={disabled} className={classNames(itemStyles, danger && 'text-red')}>
      {children}
    </Primitive.Item>
  );
}

export function DropdownLink({
  href,
  current = false,
  children,
}: {
  readonly href: string;
  readonly current?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Primitive.Item asChild>
      <Link href={href} aria-current={current ? 'true' : undefined} className={itemStyles}>
        {children}
      </Link>
    </Primitive.Item>
  );
}

export function DropdownLabel({ children }: { readonly children: ReactNode }) {
  return <Primitive.Label className="px-2 py-1.5 text-xs text-faint">{children}</Primitive.Label>;
}

export function DropdownSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** One of a few, chosen inside the menu. */
export function DropdownChoice({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <>
      <DropdownLabel>{label}</DropdownLabel>
      <Primitive.RadioGroup
        value={value}
        onValueChange={onChange}
        aria-label={label}
        className="flex gap-0.5 rounded-md bg-hover p-0.5"
      >
        {options.map((option) => (
          <Primitive.RadioItem
            key={option.value}
            value={option.value}
            onSelect={(event) => event.preventDefault()}
            className="flex h-7 flex-1 cursor-pointer items-center justify-center rounded-sm px-2 text-sm text-muted outline-none select-none data-highlighted:text-ink data-[state=checked]:bg-chosen data-[state=checked]:font-medium data-[state=checked]:text-ink data-[state=checked]:shadow-sm"
          >
            {option.label}
          </Primitive.RadioItem>
        ))}
      </Primitive.RadioGroup>
    </>
  );
}
