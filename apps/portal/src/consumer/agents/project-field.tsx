'use client';

import { Field, Input, Select } from '@tollwright/ui';
import { useState } from 'react';
import type { Project } from '../outputs.ts';

/** The choice that is no project yet. */
export const NEW_PROJECT = 'new';

export interface ProjectFieldProps {
  readonly projects: readonly Pick<Project, 'id' | 'name'>[];
  /** The id of the project it is in. */
  readonly current?: string;
}

/** Chooses a project, or names a new one. */
export function ProjectField({ projects, current = '' }: ProjectFieldProps) {
  const [chosen, setChosen] = useState(current);
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label="Project" optional hint="Groups agents in lists, charts and budgets.">
        <Select
          name="project"
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
          emptyLabel="No project"
          options={[
            ...projects.map(({ id, name }) => ({ value: id, label: name })),
            { value: NEW_PROJECT, label: 'New project…' },
          ]}
        />
      </Field>
      {chosen === NEW_PROJECT ? (
        <Field label="Name of the new project">
          <Input name="projectName" autoComplete="off" maxLength={120} required />
        </Field>
      ) : null}
    </div>
  );
}
