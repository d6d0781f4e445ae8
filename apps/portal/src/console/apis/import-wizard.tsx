'use client';

import { Section } from '@tollwright/ui';
import { useState } from 'react';
import { CreateApiForm } from './create-api-form.tsx';
import { DocumentForm, type ReadDocument } from './document-form.tsx';
import { OperationsPreview } from './operations-preview.tsx';

/** From an OpenAPI document to an API that can be called: read it, look at it, name it. */
export function ImportWizard({ base, providerSlug }: { readonly base: string; readonly providerSlug: string }) {
  const [read, setRead] = useState<ReadDocument | null>(null);
  if (!read) return <DocumentForm onRead={setRead} />;
  const { operations, title, version, openapi } = read.preview;
  return (
    <div className="grid gap-x-12 lg:grid-cols-2">
      <Section
        title={`${operations.length} ${operations.length === 1 ? 'route' : 'routes'}`}
        description={`${title} ${version}, OpenAPI ${openapi}.`}
        rule={false}
      >
        <OperationsPreview preview={read.preview} />
      </Section>
      <Section title="Name and upstream" description="You can change the upstream later." rule={false}>
        <CreateApiForm read={read} base={base} providerSlug={providerSlug} onBack={() => setRead(null)} />
      </Section>
    </div>
  );
}
