import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { bazaarOf, type ListedOperation } from './bazaar.ts';
import { sampleOf } from './json-sample.ts';

const search: ListedOperation = {
  method: 'GET',
  pathTemplate: '/acme/weather/cities/{city}',
  parameters: [
    { name: 'city', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'days', in: 'query', required: true, schema: { type: 'integer', minimum: 1 } },
    { name: 'unit', in: 'query', required: false, schema: { type: 'string' } },
  ],
  body: null,
  definitions: {},
};
const create: ListedOperation = {
  ...search,
  method: 'POST',
  pathTemplate: '/acme/weather/alerts',
  parameters: [],
  body: { required: true, schema: { $ref: '#/$defs/alert' } },
  definitions: {
    alert: {
      type: 'object',
      required: ['city', 'level'],
      properties: { city: { type: 'string', minLength: 1 }, level: { enum: ['red', 'green'] } },
    },
  },
};

describe('bazaar', () => {
  it('lists a query with an example, its schema and the template of its path', () => {
    const queryParams = {
      type: 'object',
      properties: { days: { type: 'integer', minimum: 1 }, unit: { type: 'string' } },
      required: ['days'],
    };
    expect(bazaarOf(search, '/acme/weather/cities/berlin')).toMatchObject({
      info: { input: { type: 'http', method: 'GET', queryParams: { days: 1 }, pathParams: { city: 'berlin' } } },
      schema: { properties: { input: { properties: { method: { enum: ['GET'] }, queryParams, pathParams: {} } } } },
      routeTemplate: '/acme/weather/cities/:city',
    });
  });

  it('lists a body, with what its schema refers to', () => {
    const listed = bazaarOf(create, '/acme/weather/alerts');
    expect(listed).toMatchObject({
      info: { input: { type: 'http', method: 'POST', bodyType: 'json', body: { city: 'a', level: 'red' } } },
      schema: {
        properties: {
          input: { properties: { body: { $ref: '#/$defs/alert' } }, required: expect.arrayContaining(['body']) },
        },
        $defs: create.definitions,
      },
    });
    expect(listed).not.toHaveProperty('routeTemplate');
  });

  it.each([
    ['query', search, '/acme/weather/cities/berlin'],
    ['body', create, '/acme/weather/alerts'],
  ])('gives an example that its own schema takes: %s', (_what, operation, path) => {
    const listed = bazaarOf(operation, path);
    const validate = new Ajv2020({ strict: false }).compile(listed?.schema as object);
    expect([validate(listed?.info), validate.errors]).toEqual([true, null]);
  });

  it('has no words for other methods', () => {
    expect(bazaarOf({ ...search, method: 'OPTIONS' }, '/acme/weather/cities/berlin')).toBeNull();
  });
});

describe('sampleOf', () => {
  it.each([
    [{ type: 'string', minLength: 2 }, 'aa'],
    [{ type: ['integer', 'null'], minimum: 3 }, 3],
    [{ type: 'boolean' }, false],
    [{ type: 'null' }, null],
    [{ type: 'array', minItems: 2, items: { type: 'number' } }, [0, 0]],
    [{ const: 'x', type: 'string' }, 'x'],
    [{ type: 'string', examples: ['Berlin'] }, 'Berlin'],
    [{ default: 7 }, 7],
    [{ oneOf: [{ type: 'string' }, { type: 'number' }] }, ''],
    [{ type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['b'] }, { b: '' }],
    [{ type: 'array' }, []],
    ['not a schema', {}],
  ])('of %j', (schema, sample) => {
    expect(sampleOf(schema)).toEqual(sample);
  });

  it('ends where a schema refers to itself', () => {
    const node = { type: 'object', required: ['next'], properties: { next: { $ref: '#/$defs/node' } } };
    expect(JSON.stringify(sampleOf({ $ref: '#/$defs/node' }, { node })).length).toBeLessThan(200);
  });
});
