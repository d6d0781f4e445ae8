'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, RadioGroup, Textarea } from '@tollwright/ui';
import { type ChangeEvent, type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { DocumentPreview, DocumentSource } from '../outputs.ts';

export interface ReadDocument {
  readonly source: DocumentSource;
  readonly preview: DocumentPreview;
}

export interface DocumentFormProps {
  readonly onRead: (read: ReadDocument) => void;
  /** Secondary where the page has another primary action. */
  readonly variant?: 'primary' | 'secondary';
}

/** The first step: an OpenAPI document, pasted, from a file or fetched. Stores nothing. */
export function DocumentForm({ onRead, variant = 'primary' }: DocumentFormProps) {
  const { mutateAsync } = useMutation(useApi().api.preview.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [kind, setKind] = useState<DocumentSource['kind']>('text');
  const [text, setText] = useState('');
  const [url, setUrl] = useState('');
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const source: DocumentSource = kind === 'text' ? { kind, text } : { kind, url };
    const preview = await submit({ source });
    if (preview) onRead({ source, preview });
  };
  const onFile = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) setText(await file.text());
  };
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-5">
      <ProblemCallout problem={problem} />
      <RadioGroup
        legend="Where the document is"
        name="kind"
        value={kind}
        onChange={(event) => setKind(event.target.value as DocumentSource['kind'])}
        options={[
          { value: 'text', label: 'Paste it or choose a file' },
          { value: 'url', label: 'Fetch it from an address' },
        ]}
      />
      {kind === 'text' ? (
        <>
          <Field
            label="OpenAPI document"
            hint="OpenAPI 3.0 or 3.1, as JSON or YAML, up to 4 MB."
            error={errorOf('source') ?? errorOf('source.text')}
          >
            <Textarea
              name="text"
              mono
              rows={12}
              value={text}
              onChange={(event) => setText(event.target.value)}
              required
            />
          </Field>
          <Field label="File" optional>
            <input
              type="file"
              accept=".json,.yaml,.yml,application/json"
              onChange={onFile}
              className="block w-full text-sm text-muted file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-paper file:px-3 file:text-sm file:font-medium file:text-ink"
            />
          </Field>
        </>
      ) : (
        <Field label="Address of the document" error={errorOf('source.url') ?? errorOf('source')}>
          <Input
            name="url"
            type="url"
            mono
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            placeholder="https://api.example.com/openapi.json"
            required
          />
        </Field>
      )}
      <div>
        <Button type="submit" variant={variant} pending={pending && 'Reading document…'}>
          Read document
        </Button>
      </div>
    </form>
  );
}
