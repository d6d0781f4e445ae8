'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Callout, Field, KeyValue, Textarea } from '@tollwright/ui';
import { useDeferredValue, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { shownProblem } from '../../client/problem.ts';
import { type RuleDraft, ruleOf, SAMPLE_ANSWERS } from './rule-draft.ts';

/** Reads a pasted answer by the rule as it stands, with the gateway's own code. Stores nothing. */
export function ExtractorTest({ draft }: { readonly draft: RuleDraft }) {
  const [pasted, setPasted] = useState<string | null>(null);
  const answer = pasted ?? SAMPLE_ANSWERS[draft.kind];
  const { mutateAsync } = useMutation(useApi().extractor.test.mutationOptions());
  const asked = useDeferredValue(JSON.stringify({ rule: ruleOf({ ...draft, atMost: [] }), answer }));
  const { data, error } = useQuery({
    queryKey: ['extractor-test', asked],
    queryFn: () => mutateAsync(JSON.parse(asked) as { rule: ReturnType<typeof ruleOf>; answer: string }),
    placeholderData: (previous) => previous,
  });
  return (
    <section className="grid gap-3">
      <Field
        label="Try it on an answer"
        hint="Paste what your API answers, JSON or a stream; the fields follow as you type."
      >
        <Textarea mono rows={9} value={answer} onChange={(event) => setPasted(event.target.value)} />
      </Field>
      <div aria-live="polite" data-extractor-test>
        {error ? (
          <Callout tone="error" title={shownProblem(error).title} why={shownProblem(error).detail} />
        ) : data?.kind === 'unreadable' ? (
          <Callout tone="warning" title="This answer cannot be read" why={data.reason} />
        ) : data ? (
          <>
            {data.complete ? null : (
              <Callout
                className="mb-3"
                tone="warning"
                title="Something is missing"
                why="A path leads nowhere, or the answer carries no usage. Calls would be counted by an estimate."
              />
            )}
            <KeyValue items={Object.entries(data.fields).map(([label, value]) => ({ label, value: String(value) }))} />
          </>
        ) : null}
      </div>
    </section>
  );
}
