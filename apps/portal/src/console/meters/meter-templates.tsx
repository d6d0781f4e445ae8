'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { missingTemplates } from './templates.ts';

/** Creates the usual meters, all at once or one by one. Nothing where all of them are there. */
export function MeterTemplates({ slugs, primary }: { readonly slugs: readonly string[]; readonly primary: boolean }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().meter.create.mutationOptions());
  const { submit, problem } = useSubmit(mutateAsync);
  const [running, setRunning] = useState<string | null>(null);
  const missing = missingTemplates(slugs);
  if (missing.length === 0) return null;
  const create = async (name: string, templates: typeof missing) => {
    setRunning(name);
    for (const template of templates) if (!(await submit(template))) break;
    setRunning(null);
    router.refresh();
  };
  return (
    <div>
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap gap-2">
        {missing.length > 1 ? (
          <Button
            variant={primary ? 'primary' : 'secondary'}
            pending={running === 'all' && 'Creating meters…'}
            onClick={() => create('all', missing)}
          >
            Create all {missing.length}
          </Button>
        ) : null}
        {missing.map((template) => (
          <Button
            key={template.slug}
            pending={running === template.slug && 'Creating meter…'}
            onClick={() => create(template.slug, [template])}
          >
            Create {template.slug}
          </Button>
        ))}
      </div>
    </div>
  );
}
