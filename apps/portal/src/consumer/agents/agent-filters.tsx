'use client';

import { Field, FilterBar, Input, useNavigate } from '@tollwright/ui';
import { usePathname, useSearchParams } from 'next/navigation';
import type { FormEvent } from 'react';
import { hrefWith } from '../../usage/address.ts';
import { FilterSelect } from '../../usage/filter-select.tsx';
import type { Project } from '../outputs.ts';

/** Search by name and choice of project, both in the address. */
export function AgentFilters({ projects }: { readonly projects: readonly Pick<Project, 'id' | 'name'>[] }) {
  const navigate = useNavigate();
  const pathname = usePathname();
  const search = Object.fromEntries(useSearchParams());
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get('search')).trim();
    navigate(hrefWith(pathname, search, { search: wanted || null, cursor: null }));
  };
  return (
    <FilterBar>
      <form onSubmit={onSubmit} role="search" className="w-60">
        <Field label="Name">
          <Input
            key={search.search ?? ''}
            name="search"
            type="search"
            defaultValue={search.search ?? ''}
            enterKeyHint="search"
          />
        </Field>
      </form>
      {projects.length === 0 ? null : (
        <FilterSelect
          label="Project"
          name="project"
          emptyLabel="All projects"
          options={projects.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </FilterBar>
  );
}
