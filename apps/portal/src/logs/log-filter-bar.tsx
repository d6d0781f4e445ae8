import { PROBLEMS } from '@tollwright/core';
import { POLICY_TYPES } from '@tollwright/policies';
import { FilterBar, type SelectOption } from '@tollwright/ui';
import { param, type SearchParams } from '../usage/address.ts';
import { FilterSelect } from '../usage/filter-select.tsx';
import { FilterText } from './filter-text.tsx';
import { withChosen } from './log-data.ts';
import { TIMES } from './log-filters.ts';
import { policyName, problemTitle } from './words.ts';

const RESULTS = [
  { value: 'refused', label: 'Refused' },
  { value: 'would-refuse', label: 'Would be refused' },
  { value: 'allowed', label: 'Allowed' },
];
const POLICIES = [
  ...POLICY_TYPES.map(({ type, title }) => ({ value: type, label: title })),
  { value: 'payment', label: 'Payment' },
];
/** Problems that gateways answer with, by their statuses: the rest belongs to the management API. */
const STATUSES = [200, 400, 401, 402, 403, 409, 413, 415, 422, 429, 500, 502, 503, 504];
const ELSEWHERE = new Set(['not-signed-in', 'not-found', 'version-published', 'conflict', 'too-many-attempts']);
const PROBLEM_OPTIONS = Object.entries(PROBLEMS)
  .filter(([slug, { status }]) => STATUSES.includes(status) && !ELSEWHERE.has(slug))
  .map(([slug, { title }]) => ({ value: slug, label: title }));

export interface LogFilterBarProps {
  readonly search: SearchParams;
  /** Filters of the place: customers, agents, routes, by their name in the address. */
  readonly own: readonly { readonly label: string; readonly name: string; readonly options: readonly SelectOption[] }[];
}

/** Every filter of the log; each lives in the address. */
export function LogFilterBar({ search, own }: LogFilterBarProps) {
  const policy = param(search, 'policy');
  const problem = param(search, 'problem');
  const policies = withChosen(POLICIES, policy, policy && policyName(policy));
  const problems = withChosen(PROBLEM_OPTIONS, problem, problemTitle(problem ?? null) ?? problem);
  const statuses = withChosen(
    STATUSES.map((status) => ({ value: String(status), label: String(status) })),
    param(search, 'status'),
  );
  return (
    <FilterBar className="mb-5">
      <FilterSelect label="Time" name="period" emptyLabel="Last 30 days" options={TIMES} />
      <FilterSelect label="Result" name="decision" emptyLabel="All results" options={RESULTS} />
      <FilterSelect label="Policy" name="policy" emptyLabel="All policies" options={policies} />
      <FilterSelect label="Problem" name="problem" emptyLabel="All problems" options={problems} />
      <FilterSelect label="Status" name="status" emptyLabel="All statuses" options={statuses} />
      {own.map(({ label, name, options }) => (
        <FilterSelect
          key={name}
          label={label}
          name={name}
          emptyLabel={`All ${label.toLowerCase().replace(/api/, 'API')}s`}
          options={options}
        />
      ))}
      <FilterText label="Request" name="request" search={search} placeholder="req_…" />
    </FilterBar>
  );
}
