import type { OfferedTerms } from '@tollwright/contracts';
import { CopyField, Section } from '@tollwright/ui';
import type { StorefrontApi } from '../outputs.ts';
import { RoutesTable } from './routes-table.tsx';

export interface ApiDocsProps {
  readonly api: StorefrontApi;
  readonly terms?: OfferedTerms | undefined;
}

/** One API: where it is, what it can be asked, what that costs. */
export function ApiDocs({ api: { slug, name, baseUrl, routes }, terms }: ApiDocsProps) {
  return (
    <Section id={`api-${slug}`} title={name}>
      <CopyField label={`Base URL of ${name}`} value={baseUrl} className="mb-4 max-w-xl" />
      <CopyField
        label={`What a key may use and has used, on ${name}`}
        value={`${baseUrl}/_tw/me`}
        className="mb-4 max-w-xl"
      />
      <RoutesTable apiName={name} routes={routes} terms={terms} />
    </Section>
  );
}
