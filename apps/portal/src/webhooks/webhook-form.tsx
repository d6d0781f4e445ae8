'use client';

import { Button, Checkbox, Field, Input, RadioGroup } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import type { ShownProblem } from '../client/problem.ts';
import { ProblemCallout } from '../client/problem-callout.tsx';
import type { NewWebhook, WebhookType } from './outputs.ts';

export interface WebhookFormProps {
  readonly types: readonly WebhookType[];
  readonly onSubmit: (wanted: NewWebhook) => Promise<void>;
  readonly pending: boolean;
  readonly problem: ShownProblem | null;
  readonly errorOf: (path: string) => string | undefined;
}

/** Where to, of what, and in which format. */
export function WebhookForm({ types, onSubmit, pending, problem, errorOf }: WebhookFormProps) {
  const [chosen, setChosen] = useState<'all' | 'some'>('all');
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const eventTypes = chosen === 'all' ? [] : types.filter((type) => form.has(type));
    const format = form.get('format') === 'slack' ? 'slack' : 'standard';
    const text = (name: string) => String(form.get(name)).trim();
    return onSubmit({ url: text('url'), description: text('description'), eventTypes, format });
  };
  return (
    <form onSubmit={send} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Address" hint="https, and reachable from the internet." error={errorOf('url')}>
        <Input name="url" type="url" mono placeholder="https://…" required />
      </Field>
      <Field label="What it is for" hint="For your own people." error={errorOf('description')}>
        <Input name="description" autoComplete="off" />
      </Field>
      <RadioGroup
        legend="Format"
        name="format"
        defaultValue="standard"
        options={[
          { value: 'standard', label: 'Standard Webhooks', hint: 'JSON, signed.' },
          { value: 'slack', label: 'Slack', hint: 'A line of text for an incoming webhook of Slack.' },
        ]}
      />
      <RadioGroup
        legend="Hears of"
        name="hears"
        value={chosen}
        onChange={(event) => setChosen(event.target.value === 'some' ? 'some' : 'all')}
        options={[
          { value: 'all', label: 'Everything', hint: 'Also what later releases tell.' },
          { value: 'some', label: 'Only these' },
        ]}
      />
      {chosen === 'all' ? null : (
        <fieldset className="grid gap-2 sm:grid-cols-2">
          <legend className="sr-only">Types of events</legend>
          {types.map((type) => (
            <Checkbox key={type} name={type} label={<span className="font-mono text-xs">{type}</span>} />
          ))}
        </fieldset>
      )}
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Adding…'}>
          Add endpoint
        </Button>
      </div>
    </form>
  );
}
