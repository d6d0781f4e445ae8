import { TextLink } from '@tollwright/ui';

export interface OnThisPageProps {
  readonly parts: readonly { readonly id: string; readonly label: string }[];
}

/** The parts of a long page, to jump to. */
export function OnThisPage({ parts }: OnThisPageProps) {
  return (
    <nav aria-label="On this page" className="mb-7">
      <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
        {parts.map(({ id, label }) => (
          <li key={id}>
            <TextLink href={`#${id}`}>{label}</TextLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
