'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, RadioGroup, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { ExtractorTest } from './extractor-test.tsx';
import { EMPTY_RULE, type RuleDraft, ruleOf } from './rule-draft.ts';

/** A new extractor: the OpenAI-shaped preset or paths of one's own, tried on a pasted answer while it is written. */
export function ExtractorForm({ doneHref }: { readonly doneHref: string }) {
  const navigate = useNavigate();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().extractor.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [name, setName] = useState('OpenAI-shaped');
  const [draft, setDraft] = useState<RuleDraft>(EMPTY_RULE);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!(await submit({ name, rule: ruleOf(draft) }))) return;
    navigate(doneHref);
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-5">
      <ProblemCallout problem={problem} />
      <Field label="Name" error={errorOf('name')}>
        <Input name="name" value={name} onChange={(event) => setName(event.target.value)} required />
      </Field>
      <RadioGroup
        legend="How an answer is read"
        name="kind"
        value={draft.kind}
        onChange={(event) => setDraft({ ...draft, kind: event.target.value as RuleDraft['kind'] })}
        options={[
          {
            value: 'openai',
            label: 'OpenAI-shaped',
            hint: 'model, input_tokens, output_tokens and total_tokens of chats and responses, JSON and streams.',
          },
          { value: 'json', label: 'Paths of a JSON answer', hint: 'Each field is read from one path.' },
        ]}
      />
      {draft.kind === 'json' ? <FieldPaths draft={draft} onChange={setDraft} /> : null}
      <ExtractorTest draft={draft} />
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Creating extractor…'}>
          Create extractor
        </Button>
      </div>
    </form>
  );
}

interface FieldPathsProps {
  readonly draft: RuleDraft;
  readonly onChange: (draft: RuleDraft) => void;
}

function FieldPaths({ draft, onChange }: FieldPathsProps) {
  const { fields } = draft;
  const change = (index: number, changed: Partial<RuleDraft['fields'][number]>) =>
    onChange({ ...draft, fields: fields.map((field, at) => (at === index ? { ...field, ...changed } : field)) });
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm font-medium text-ink">Fields</legend>
      {fields.map((field, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
        <div key={index} className="grid grid-cols-[2fr_3fr_auto] gap-2">
          <Input
            mono
            aria-label={`Field ${index + 1}`}
            value={field.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <Input
            mono
            aria-label={`Path of field ${index + 1}`}
            value={field.path}
            onChange={(event) => change(index, { path: event.target.value })}
          />
          <Button
            variant="quiet"
            onClick={() => onChange({ ...draft, fields: fields.filter((_, at) => at !== index) })}
          >
            Remove<span className="sr-only"> field {index + 1}</span>
          </Button>
        </div>
      ))}
      <div>
        <Button size="sm" onClick={() => onChange({ ...draft, fields: [...fields, { name: '', path: '$.' }] })}>
          Add field
        </Button>
      </div>
    </fieldset>
  );
}
