'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Dialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { formLines, notesOf, repeatedName } from '../agents/metadata.ts';
import { KEY_NOTES, MetadataFields } from '../agents/metadata-fields.tsx';
import type { AgentKey } from '../outputs.ts';

/** Changes what the owner notes on a key. */
export function KeyNotes({ of: key }: { readonly of: AgentKey }) {
  const [open, setOpen] = useState(false);
  const [lines, setLines] = useState(() => formLines(key.metadata));
  const [typo, setTypo] = useState<string>();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().key.update.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const error = Object.entries(problem?.fields ?? {}).find(([at]) => at.startsWith('metadata'))?.[1];
  const onSave = async () => {
    const repeated = repeatedName(lines);
    setTypo(repeated === null ? undefined : `${repeated} stands twice. Keep one of the two.`);
    if (repeated !== null || !(await submit({ keyId: key.id, metadata: notesOf(lines) }))) return;
    setOpen(false);
    router.refresh();
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Notes
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Notes on key ${key.name}`}
        description="The API’s policies may read them and pass them on."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button variant="primary" pending={pending && 'Saving…'} onClick={onSave}>
              Save notes
            </Button>
          </>
        }
      >
        <div className="grid gap-4">
          <ProblemCallout problem={problem} />
          <MetadataFields lines={lines} onChange={setLines} error={typo ?? error} bounds={KEY_NOTES} />
        </div>
      </Dialog>
    </>
  );
}
