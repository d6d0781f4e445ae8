'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Callout } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { DocumentForm, type ReadDocument } from './document-form.tsx';
import { OperationsPreview } from './operations-preview.tsx';

/** Takes a newer document of the API. Routes that stay keep their settings. */
export function ReImportForm({ apiId }: { readonly apiId: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().api.reImport.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const [read, setRead] = useState<ReadDocument | null>(null);
  const [done, setDone] = useState<string | null>(null);
  if (done !== null) return <Callout title="The document was imported" why={done} />;
  if (!read) return <DocumentForm onRead={setRead} variant="secondary" />;
  const onImport = async () => {
    const result = await submit({ apiId, source: read.source });
    if (!result) return;
    setDone(`${result.added} routes added, ${result.kept} kept, ${result.archived} no longer served.`);
    router.refresh();
  };
  return (
    <div className="grid gap-5">
      <ProblemCallout problem={problem} />
      <OperationsPreview preview={read.preview} />
      <div className="flex gap-2">
        <Button pending={pending && 'Importing document…'} onClick={onImport}>
          Import document
        </Button>
        <Button onClick={() => setRead(null)}>Choose another document</Button>
      </div>
    </div>
  );
}
