'use client';

import { Callout, Checkbox, TextLink } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import type { ShownProblem } from '../../client/problem.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { policyErrors } from './option-errors.ts';
import { fieldsOf } from './option-fields.ts';
import { OptionInput } from './option-input.tsx';
import { draftOf, type OptionErrors, optionsOf } from './options-draft.ts';
import type { Policy, PolicyLevel, PolicyType } from './outputs.ts';
import { stackingWords } from './words.ts';

export interface PolicyFormProps {
  readonly id: string;
  readonly type: PolicyType;
  readonly level: PolicyLevel;
  /** What is set; null for a policy that is to be added. */
  readonly policy: Policy | null;
  /** Its place in the list that is sent: what the server says about it names it. */
  readonly index: number;
  readonly mayWrite: boolean;
  readonly problem: ShownProblem | null;
  readonly onSave: (policy: Policy) => void;
}

/** The options of one policy, in fields that are made from the schema of its type. */
export function PolicyForm({ id, type, level, policy, index, mayWrite, problem, onSave }: PolicyFormProps) {
  const fields = fieldsOf(type.optionsSchema);
  const [draft, setDraft] = useState(() => draftOf(fields, policy?.options ?? {}));
  const [shadow, setShadow] = useState(policy?.shadow ?? false);
  const [typos, setTypos] = useState<OptionErrors>({});
  const refused = policyErrors(problem?.fields ?? {}, index);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = optionsOf(fields, draft);
    setTypos(typed.kind === 'wrong' ? typed.errors : {});
    if (typed.kind === 'options') onSave({ type: type.type, options: { ...typed.options }, shadow });
  };
  return (
    <form id={id} onSubmit={onSubmit}>
      <fieldset disabled={!mayWrite} className="grid gap-5">
        <legend className="sr-only">Options of {type.title}</legend>
        {refused.others.length > 0 ? (
          <Callout tone="error" title="The policy was not saved" why={refused.others.join(' ')} />
        ) : (
          <ProblemCallout problem={problem} />
        )}
        <p className="text-sm text-muted">
          {stackingWords(type, level)} <TextLink href={`/policies/${type.type}`}>How it works</TextLink>
        </p>
        {fields.map((field) => (
          <OptionInput
            key={field.name}
            field={field}
            value={draft[field.name]}
            errors={{ ...refused.options, ...typos }}
            path={field.name}
            onChange={(value) => setDraft({ ...draft, [field.name]: value })}
          />
        ))}
        {type.mayShadow ? (
          <Checkbox
            label="Shadow mode"
            hint="Calls that it would refuse go through; what it would have said stands in their traces. Switch it off to let it hold."
            checked={shadow}
            onChange={(event) => setShadow(event.target.checked)}
          />
        ) : null}
      </fieldset>
    </form>
  );
}
