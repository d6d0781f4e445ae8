import { describe, expect, it } from 'vitest';
import { groupByOf, groupByText, METER_TEMPLATES, missingTemplates } from './templates.ts';

describe('missingTemplates', () => {
  it('offers what is not there yet', () => {
    expect(missingTemplates(['requests', 'bytes']).map(({ slug }) => slug)).toEqual(['input_tokens', 'output_tokens']);
    expect(missingTemplates(METER_TEMPLATES.map(({ slug }) => slug))).toEqual([]);
  });
});

describe('groupByOf', () => {
  it('reads a dimension a line, with or without its path', () => {
    expect(groupByOf('model = $.model\n\nregion')).toEqual({ model: '$.model', region: '$.region' });
  });

  it('reads what groupByText writes', () => {
    const dimensions = { model: '$.model', route: '$.data.route' };
    expect(groupByOf(groupByText(dimensions))).toEqual(dimensions);
  });
});
