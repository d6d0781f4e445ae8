'use client';

import { useId } from 'react';
import { classNames } from './class-names.ts';
import { THEMES } from './theme.ts';
import { useTheme } from './use-theme.ts';

/** Light, dark, or as the device says. */
export function ThemeToggle({ className }: { readonly className?: string }) {
  const [theme, setTheme] = useTheme();
  const name = useId();
  return (
    <fieldset className={classNames('inline-flex w-fit rounded-md bg-hover p-0.5', className)}>
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ value, label }) => (
        <label
          key={value}
          className="flex h-7 cursor-pointer items-center rounded-sm px-2.5 text-sm text-muted hover:text-ink has-checked:bg-chosen has-checked:font-medium has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={theme === value}
            onChange={() => setTheme(value)}
            className="sr-only"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
