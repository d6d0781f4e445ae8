import { Button, CodeBlock, SecretOnce } from '@tollwright/ui';
import { curlSnippet, envSnippet, type SnippetTarget } from '../snippets.ts';

export interface CreatedKeyProps {
  readonly agentName: string;
  readonly value: string;
  readonly target: SnippetTarget | null;
  readonly onDone: () => void;
}

/** A new key at the only moment it can be read, with a .env file and a call that works as they stand. */
export function CreatedKey({ agentName, value, target, onDone }: CreatedKeyProps) {
  return (
    <SecretOnce
      label={`Key of ${agentName}`}
      value={value}
      warning="Only its hash is stored. A lost key cannot be shown again: create another and revoke this one."
      tryIt={target ? { title: 'First call', code: curlSnippet(target, value) } : undefined}
      done={
        <>
          {target ? <CodeBlock title=".env" code={envSnippet(target, value)} wrap /> : null}
          <Button variant="primary" onClick={onDone}>
            I have stored it
          </Button>
        </>
      }
    />
  );
}
