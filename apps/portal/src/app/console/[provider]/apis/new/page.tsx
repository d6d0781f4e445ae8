import { Callout, PageHeader } from '@tollwright/ui';
import { ImportWizard } from '../../../../../console/apis/import-wizard.tsx';
import { consolePage } from '../../../../../console/console-page.ts';

export const metadata = { title: 'Add API' };

/** Adds an API from its OpenAPI document. */
export default async function NewApiPage({ params }: { readonly params: Promise<{ provider: string }> }) {
  const { provider, base, mayWrite } = await consolePage(params);
  return (
    <>
      <PageHeader
        title="Add API"
        description="Its OpenAPI document becomes routes; nothing is stored before you have seen them."
        trail={[{ label: 'APIs', href: `${base}/apis` }]}
      />
      {mayWrite ? (
        <ImportWizard base={base} providerSlug={provider.slug} />
      ) : (
        <Callout title="Only owners can add APIs" next="Ask an owner of this organization." />
      )}
    </>
  );
}
