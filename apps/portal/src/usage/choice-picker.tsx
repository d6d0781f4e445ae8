import { Segmented } from '@tollwright/ui';
import { hrefWith, type SearchParams } from './address.ts';

export interface ChoicePickerProps {
  readonly label: string;
  readonly path: string;
  readonly search: SearchParams;
  /** The name in the address. */
  readonly name: string;
  /** The first one is what the page shows when the address says nothing. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly current: string;
}

/** A choice of a few that lives in the address: measure, grouping. */
export function ChoicePicker({ label, path, search, name, choices, current }: ChoicePickerProps) {
  return (
    <Segmented
      label={label}
      items={choices.map(({ value, label: text }, index) => ({
        label: text,
        href: hrefWith(path, search, { [name]: index === 0 ? null : value, cursor: null }),
        current: value === current,
      }))}
    />
  );
}
