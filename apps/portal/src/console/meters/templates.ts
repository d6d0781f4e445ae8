import type { NewMeter } from '../outputs.ts';

const groupBy = { model: '$.model', route: '$.route' };

/** The meters that nearly every provider wants, by model and route. */
export const METER_TEMPLATES: readonly NewMeter[] = [
  { slug: 'requests', name: 'Requests', eventType: 'request', aggregation: 'COUNT', valueProperty: null, groupBy },
  {
    slug: 'input_tokens',
    name: 'Input tokens',
    eventType: 'request',
    aggregation: 'SUM',
    valueProperty: '$.input_tokens',
    groupBy,
  },
  {
    slug: 'output_tokens',
    name: 'Output tokens',
    eventType: 'request',
    aggregation: 'SUM',
    valueProperty: '$.output_tokens',
    groupBy,
  },
];

/** The templates whose slug is free. */
export function missingTemplates(slugs: readonly string[]): readonly NewMeter[] {
  return METER_TEMPLATES.filter(({ slug }) => !slugs.includes(slug));
}

/** Reads dimensions as typed, one a line: `model = $.model`. A line without `=` names both: `model` is `$.model`. */
export function groupByOf(typed: string): Record<string, string> {
  const lines = typed.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', path] = line.split('=').map((part) => part.trim());
      return [name, path ?? `$.${name}`];
    }),
  );
}

/** Writes dimensions as they are typed. */
export function groupByText(dimensions: Readonly<Record<string, string>>): string {
  return Object.entries(dimensions)
    .map(([name, path]) => `${name} = ${path}`)
    .join('\n');
}
