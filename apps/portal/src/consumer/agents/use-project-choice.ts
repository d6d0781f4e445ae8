'use client';

import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useApi } from '../../client/api.tsx';
import { NEW_PROJECT } from './project-field.tsx';

/** Reads a ProjectField: the chosen project, made first where it is new. Asked again, it does not make it twice. */
export function useProjectChoice(): (form: FormData) => Promise<string | null> {
  const { mutateAsync } = useMutation(useApi().project.create.mutationOptions());
  const made = useRef<{ readonly id: string; readonly name: string }>(null);
  return async (form) => {
    const chosen = String(form.get('project') ?? '');
    if (chosen !== NEW_PROJECT) return chosen || null;
    const name = String(form.get('projectName') ?? '').trim();
    if (made.current?.name !== name) made.current = await mutateAsync({ name });
    return made.current.id;
  };
}
