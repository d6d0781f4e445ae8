'use client';

import type { Policy, PolicyLevel, PolicyType } from './outputs.ts';
import { whyNotAdded } from './run-order.ts';

export interface PolicyChooserProps {
  readonly types: readonly PolicyType[];
  readonly level: PolicyLevel;
  readonly policies: readonly Policy[];
  readonly onChoose: (type: PolicyType) => void;
}

/** The types that can stand at a level, with what each does. */
export function PolicyChooser({ types, level, policies, onChoose }: PolicyChooserProps) {
  return (
    <ul className="-mx-2 divide-y divide-line">
      {types
        .filter(({ levels }) => levels.includes(level))
        .map((type) => {
          const why = whyNotAdded(type, policies);
          return (
            <li key={type.type}>
              <button
                type="button"
                disabled={why !== null}
                className="w-full rounded-md px-2 py-3 text-left transition-colors duration-150 hover:bg-hover disabled:hover:bg-transparent"
                onClick={() => onChoose(type)}
              >
                <span className="block font-medium text-ink">{type.title}</span>
                <span className="block text-sm text-muted">{why ?? type.summary}</span>
              </button>
            </li>
          );
        })}
    </ul>
  );
}
