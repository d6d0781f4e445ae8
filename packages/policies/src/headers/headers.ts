import { z } from 'zod';
import { headerName } from '../option-fields.ts';
import type { Decision, Effect } from '../policy.ts';
import type { PolicyCall } from '../policy-call.ts';
import { definePolicy } from '../policy-type.ts';
import { isProtectedHeader } from './protected-names.ts';

const name = headerName.refine((text) => !isProtectedHeader(text), 'is a header that the gateway itself writes');
const value = z
  .string()
  .max(1_024)
  .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII on one line');
const names = z.array(name).max(32).default([]);
const values = z.record(name, value).default({});
const PLACES =
  'In values {customer}, {agent}, {key}, {plan} and {metadata.name} are replaced by who calls and what is noted on the key.';

const options = z.object({
  stripRequest: names.describe('Headers of the caller that do not go upstream.'),
  setRequest: values.describe(`Headers that go upstream with these values, in place of the caller's. ${PLACES}`),
  stripResponse: names.describe('Headers of the upstream that callers do not get.'),
  setResponse: values.describe(`Headers that callers get with these values, in place of the upstream's. ${PLACES}`),
});

export const headers = definePolicy({
  type: 'headers',
  title: 'Headers',
  summary: 'Strips and sets headers of requests and responses.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: false,
  stacking: 'add',
  phase: 'head',
  create({ stripRequest, setRequest, stripResponse, setResponse }) {
    const strips = [...stripRequest.map(stripOf('request')), ...stripResponse.map(stripOf('response'))];
    const sets = [
      ...Object.entries(setRequest).map(setOf('request')),
      ...Object.entries(setResponse).map(setOf('response')),
    ];
    if (strips.length + sets.length === 0) return null;
    const fixed: Decision = { kind: 'allowed', effects: [...strips, ...sets.map((set) => set.effect)] };
    if (sets.every((set) => !set.hasPlaces)) return { decide: () => fixed };
    return {
      decide: (call) => ({ kind: 'allowed', effects: [...strips, ...sets.map((set) => filled(set, call))] }),
    };
  },
});

type Edit = Extract<Effect, { kind: 'edit-header' }>;

interface SetHeader {
  readonly effect: Edit;
  readonly hasPlaces: boolean;
}

const PLACE = /\{(customer|agent|key|plan|metadata\.[A-Za-z][A-Za-z0-9_.-]{0,39})\}/g;
const METADATA = 'metadata.';

function stripOf(side: 'request' | 'response'): (name: string) => Edit {
  return (text) => ({ kind: 'edit-header', edit: { side, name: text, value: null } });
}

function setOf(side: 'request' | 'response'): (entry: [string, string]) => SetHeader {
  return ([header, text]) => ({
    effect: { kind: 'edit-header', edit: { side, name: header, value: text } },
    hasPlaces: text.search(PLACE) !== -1,
  });
}

function filled({ effect, hasPlaces }: SetHeader, { principal, planKey }: PolicyCall): Edit {
  const { edit } = effect;
  if (!hasPlaces || edit.value === null) return effect;
  const places: Record<string, string> = {
    customer: principal?.customer.customerId ?? '',
    agent: principal?.key.agentId ?? '',
    key: principal?.key.keyId ?? '',
    plan: planKey ?? '',
  };
  return {
    kind: 'edit-header',
    edit: {
      ...edit,
      value: edit.value.replace(PLACE, (_, place: string) =>
        place.startsWith(METADATA) ? noted(principal, place.slice(METADATA.length)) : (places[place] ?? ''),
      ),
    },
  };
}

/** What an owner noted on the key, as a header may carry it: other characters are percent-encoded, as in addresses. */
function noted(principal: PolicyCall['principal'], name: string): string {
  const metadata = principal?.key.metadata ?? {};
  const text = Object.hasOwn(metadata, name) ? (metadata[name] ?? '') : '';
  return text.replace(/[^\x20-\x7e]+/gu, (part) =>
    Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
