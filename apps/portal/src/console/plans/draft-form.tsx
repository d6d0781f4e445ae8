'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog, Section } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Feature, Meter, Plan, PlanVersion } from '../outputs.ts';
import type { PolicyType } from '../policies/outputs.ts';
import { PricePreview } from './price-preview.tsx';
import { draftOf, termsOf } from './terms-draft.ts';
import { TermsEditor } from './terms-editor.tsx';

export interface DraftFormProps {
  readonly plan: Plan;
  readonly version: PlanVersion;
  readonly meters: readonly Meter[];
  readonly features: readonly Feature[];
  readonly policyTypes: readonly PolicyType[];
  readonly metersHref: string;
}

/** The terms of a draft: typed, tried on an example, kept, published. */
export function DraftForm({ plan, version, meters, features, policyTypes, metersHref }: DraftFormProps) {
  const router = useRouter();
  const api = useApi();
  const update = useMutation(api.plan.updateDraft.mutationOptions()).mutateAsync;
  const publish = useMutation(api.plan.publish.mutationOptions()).mutateAsync;
  const { submit, pending, problem } = useSubmit(update);
  const [draft, setDraft] = useState(() => draftOf(version.terms));
  const typed = termsOf(draft, meters);
  const terms = typed.kind === 'terms' ? typed.terms : null;
  const onSave = async () => {
    if (terms && (await submit({ planVersionId: version.id, terms }))) router.refresh();
  };
  const onPublish = async () => {
    if (!terms) return { title: 'Some fields are wrong', next: 'Correct the marked fields, then publish.' };
    return attempt(async () => {
      await update({ planVersionId: version.id, terms });
      await publish({ planVersionId: version.id });
      router.refresh();
    });
  };
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div>
        <ProblemCallout problem={problem} />
        <TermsEditor
          draft={draft}
          errors={typed.kind === 'wrong' ? typed.errors : {}}
          onChange={setDraft}
          meters={meters}
          features={features}
          policyTypes={policyTypes}
          metersHref={metersHref}
        />
        <div className="flex flex-wrap gap-2 border-t border-line pt-5">
          <ConfirmDialog
            tone="primary"
            trigger={<Button variant="primary">Publish version {version.version}</Button>}
            title={`Publish version ${version.version} of ${plan.name}?`}
            consequence={consequenceOf(plan)}
            confirmLabel={`Publish version ${version.version}`}
            pendingLabel="Publishing…"
            onConfirm={onPublish}
          />
          <Button onClick={onSave} disabled={terms === null} pending={pending && 'Saving draft…'}>
            Save draft
          </Button>
        </div>
      </div>
      <div className="lg:sticky lg:top-20 lg:self-start">
        <Section title="Try a call" description="Priced by the function that charges real calls." rule={false}>
          <PricePreview terms={terms} meters={meters} />
        </Section>
      </div>
    </div>
  );
}

function consequenceOf({ subscribers, customerId }: Plan): string {
  const staying =
    subscribers === 0
      ? ''
      : ` ${subscribers === 1 ? 'The one subscriber stays' : `The ${subscribers} subscribers stay`} on their version until moved.`;
  const who = customerId === null ? 'New subscribers get it.' : 'Only its customer can subscribe to it.';
  return `It never changes again. ${who}${staying}`;
}
