'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Field, Input, RadioGroup, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { errorWithin } from '../policies/option-errors.ts';
import { RecordInput } from '../policies/record-input.tsx';
import { ExtractorTest } from './extractor-test.tsx';
import { EMPTY_RULE, type FieldDraft, RULE_LABELS, type RuleDraft, type RuleKind, ruleOf } from './rule-draft.ts';

const HINTS: Readonly<Record<RuleKind, string>> = {
  openai: 'model, input_tokens, output_tokens, total_tokens and their parts, of chats, completions and responses.',
  anthropic: 'The same fields of messages, and the tokens that a cache took or served.',
  json: 'Each field is read from one path.',
  headers: 'Each field is read from one header, whatever the answer is.',
};
const AT_MOST = {
  label: 'At most in one call',
  hint: 'Only for priced or limited fields that nothing else bounds, such as bytes_out: a field and its largest value. So much is held before a call; without it such calls are refused.',
  of: 'number',
} as const;
const KINDS = ['openai', 'anthropic', 'json', 'headers'] as const satisfies readonly RuleKind[];

/** A new extractor: a preset, or paths or headers of one's own, tried on a pasted answer while it is written. */
export function ExtractorForm({ doneHref }: { readonly doneHref: string }) {
  const navigate = useNavigate();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().extractor.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [draft, setDraft] = useState<RuleDraft>(EMPTY_RULE);
  const [typedName, setName] = useState<string | null>(null);
  const name = typedName ?? RULE_LABELS[draft.kind];
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
        onChange={(event) => setDraft({ ...draft, kind: event.target.value as RuleKind })}
        options={KINDS.map((value) => ({ value, label: RULE_LABELS[value], hint: HINTS[value] }))}
      />
      {draft.kind === 'json' ? (
        <FieldSources
          source="Path"
          start="$."
          fields={draft.paths}
          onChange={(paths) => setDraft({ ...draft, paths })}
        />
      ) : null}
      {draft.kind === 'headers' ? (
        <FieldSources
          source="Header"
          start="x-"
          fields={draft.headers}
          onChange={(headers) => setDraft({ ...draft, headers })}
        />
      ) : null}
      {draft.kind === 'openai' ? (
        <Checkbox
          label="Ask streams for their usage"
          hint="Adds stream_options.include_usage to streams that do not ask; their callers do not see the answer to it. Switch it off for an upstream that refuses the option: tokens are then estimated."
          checked={draft.includeUsage}
          onChange={(event) => setDraft({ ...draft, includeUsage: event.target.checked })}
        />
      ) : null}
      <RecordInput
        field={AT_MOST}
        pairs={draft.atMost}
        error={errorWithin(problem?.fields ?? {}, 'rule.atMost')}
        onChange={(atMost) => setDraft({ ...draft, atMost })}
      />
      <ExtractorTest draft={draft} />
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Creating extractor…'}>
          Create extractor
        </Button>
      </div>
    </form>
  );
}

interface FieldSourcesProps {
  /** What a field is read from. */
  readonly source: 'Path' | 'Header';
  /** What a new source begins with. */
  readonly start: string;
  readonly fields: readonly FieldDraft[];
  readonly onChange: (fields: readonly FieldDraft[]) => void;
}

function FieldSources({ source, start, fields, onChange }: FieldSourcesProps) {
  const change = (index: number, changed: Partial<FieldDraft>) =>
    onChange(fields.map((field, at) => (at === index ? { ...field, ...changed } : field)));
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
            aria-label={`${source} of field ${index + 1}`}
            value={field.from}
            onChange={(event) => change(index, { from: event.target.value })}
          />
          <Button variant="quiet" onClick={() => onChange(fields.filter((_, at) => at !== index))}>
            Remove<span className="sr-only"> field {index + 1}</span>
          </Button>
        </div>
      ))}
      <div>
        <Button size="sm" onClick={() => onChange([...fields, { name: '', from: start }])}>
          Add field
        </Button>
      </div>
    </fieldset>
  );
}
