import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as services from './index.ts';

const schemas = Object.entries(services).filter(([name]) => /(Input|Output)$/.test(name)) as [string, z.ZodType][];

describe('schemas of verbs', () => {
  it('are there', () => {
    expect(schemas.length).toBeGreaterThan(100);
  });

  it.each(schemas)('%s: can be written as JSON Schema, so that REST can be generated from it', (name, schema) => {
    const io = name.endsWith('Input') ? 'input' : 'output';
    expect(z.toJSONSchema(schema, { io })).toHaveProperty('$schema');
  });

  it('carry money as text in nano-dollars, never as a number', () => {
    for (const [name, schema] of schemas) {
      const text = JSON.stringify(z.toJSONSchema(schema, { io: name.endsWith('Input') ? 'input' : 'output' }));
      expect(text, name).not.toMatch(/"\w*NanoUsd":\{[^{}]*"type":"(number|integer)"/);
    }
  });
});
