'use client';

import { Field, Select, type SelectOption, useNavigate } from '@tollwright/ui';
import { usePathname, useSearchParams } from 'next/navigation';
import { hrefWith } from './address.ts';

export interface FilterSelectProps {
  readonly label: string;
  /** The name in the address. */
  readonly name: string;
  readonly options: readonly SelectOption[];
  /** The choice of no filter: `All models`. Left out where one must be chosen; then the first is the default. */
  readonly emptyLabel?: string;
}

/** A filter of many choices that lives in the address. */
export function FilterSelect({ label, name, options, emptyLabel }: FilterSelectProps) {
  const navigate = useNavigate();
  const pathname = usePathname();
  const search = Object.fromEntries(useSearchParams());
  return (
    <Field label={label} className="w-44">
      <Select
        value={search[name] ?? ''}
        options={options}
        {...(emptyLabel === undefined ? {} : { emptyLabel })}
        onChange={(event) => navigate(hrefWith(pathname, search, { [name]: event.target.value, cursor: null }))}
      />
    </Field>
  );
}
