import { BREAKER_DEFAULT, UPSTREAM_FALLBACKS_MAX } from '@tollwright/contracts';
import { Section } from '@tollwright/ui';
import type { Api } from '../outputs.ts';
import { CredentialForm } from './credential-form.tsx';
import { ReImportForm } from './re-import-form.tsx';
import { UpstreamForm } from './upstream-form.tsx';

/** Where calls are forwarded to, with which credential, and by which document. */
export function UpstreamTab({ api, mayWrite }: { readonly api: Api; readonly mayWrite: boolean }) {
  const credential = api.upstreamCredential;
  return (
    <div>
      <Section title="Forwarding" description={mayWrite ? undefined : 'Only owners can change it.'}>
        <UpstreamForm
          api={api}
          mayWrite={mayWrite}
          fallbacksMax={UPSTREAM_FALLBACKS_MAX}
          breakerDefault={BREAKER_DEFAULT}
        />
      </Section>
      <Section
        title="Upstream credential"
        description={
          credential
            ? `The gateway sends ${credential.header}. Its value is encrypted and cannot be shown.`
            : 'None is set: calls are forwarded without one.'
        }
      >
        {mayWrite ? <CredentialForm api={api} /> : null}
      </Section>
      {mayWrite ? (
        <Section
          title="OpenAPI document"
          description="Import a newer document. Routes with the same method and path keep their settings."
        >
          <ReImportForm apiId={api.id} />
        </Section>
      ) : null}
    </div>
  );
}
