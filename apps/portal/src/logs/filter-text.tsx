import { Field, Input } from '@tollwright/ui';
import { param, type SearchParams } from '../usage/address.ts';

export interface FilterTextProps {
  readonly label: string;
  /** The name in the address. */
  readonly name: string;
  readonly search: SearchParams;
  readonly placeholder: string;
}

/** A filter that is typed: a plain form that writes the address and keeps what else is there. */
export function FilterText({ label, name, search, placeholder }: FilterTextProps) {
  const value = param(search, name) ?? '';
  const kept = Object.keys(search).flatMap((other) => {
    const text = other === name || other === 'cursor' ? undefined : param(search, other);
    return text === undefined ? [] : [[other, text] as const];
  });
  return (
    <form method="get" role="search" className="w-44">
      {kept.map(([other, text]) => (
        <input key={other} type="hidden" name={other} value={text} />
      ))}
      <Field label={label}>
        <Input key={value} type="search" name={name} defaultValue={value} placeholder={placeholder} mono />
      </Field>
    </form>
  );
}
