import { requestSchema } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { readRequestSchema } from './read-request-schema.ts';

const document = (openapi: string, operation: object, more: object = {}) => ({
  openapi,
  paths: { '/a/{id}': { parameters: [{ $ref: '#/components/parameters/Id' }], post: operation } },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
    schemas: {
      Tree: {
        type: 'object',
        properties: { left: { $ref: '#/components/schemas/Tree' }, leaf: { $ref: '#/components/schemas/Leaf' } },
      },
      Leaf: { type: 'string', nullable: true },
      Unused: { type: 'string' },
    },
    ...more,
  },
});
const body = (schema: object, media = 'application/json') => ({
  requestBody: { required: true, content: { [media]: { schema } } },
});

describe('what an operation says of its requests', () => {
  it('takes the definitions along that it names, and no other; rings too', () => {
    const read = readRequestSchema(document('3.0.3', body({ $ref: '#/components/schemas/Tree' })), '/a/{id}', 'POST');
    expect(requestSchema.parse(read)).toEqual({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      body: { required: true, schema: { $ref: '#/$defs/Tree' } },
      definitions: {
        Tree: { type: 'object', properties: { left: { $ref: '#/$defs/Tree' }, leaf: { $ref: '#/$defs/Leaf' } } },
        Leaf: { type: ['string', 'null'] },
      },
    });
  });

  it('3.0 limits become those of JSON Schema; 3.1 stays as it is', () => {
    const limits = { type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false };
    const schemaOf = (openapi: string, schema: object) =>
      readRequestSchema(document(openapi, body(schema)), '/a/{id}', 'post')?.body?.schema;
    expect(schemaOf('3.0.0', limits)).toEqual({ type: 'integer', exclusiveMinimum: 1, maximum: 9 });
    expect(schemaOf('3.0.0', { type: 'string', enum: ['a'], nullable: true })).toEqual({
      type: ['string', 'null'],
      enum: ['a', null],
    });
    expect(schemaOf('3.1.0', { type: ['string', 'null'], exclusiveMinimum: 1 })).toEqual({
      type: ['string', 'null'],
      exclusiveMinimum: 1,
    });
  });

  it("an operation's parameter replaces the path's; headers and cookies are left out", () => {
    const operation = {
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
        { name: 'q', in: 'query', schema: { type: 'string' } },
        { name: 'x-h', in: 'header', schema: { type: 'string' } },
      ],
    };
    expect(readRequestSchema(document('3.1.0', operation), '/a/{id}', 'POST')?.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
      { name: 'q', in: 'query', required: false, schema: { type: 'string' } },
    ]);
  });

  it.each([
    ['another document', { $ref: 'https://other.test/schema.json' }],
    ['nowhere', { $ref: '#/definitions/None' }],
  ])('a reference to %s allows anything', (_where, schema) => {
    expect(readRequestSchema(document('3.1.0', body(schema)), '/a/{id}', 'POST')?.body?.schema).toEqual({});
  });

  it('a body that is no JSON is not described; an operation that is not there is null', () => {
    expect(
      readRequestSchema(document('3.1.0', body({ type: 'string' }, 'text/plain')), '/a/{id}', 'POST')?.body,
    ).toBeNull();
    expect(readRequestSchema(document('3.1.0', {}), '/b', 'POST')).toBeNull();
    expect(readRequestSchema(document('3.1.0', {}), '/a/{id}', 'GET')).toBeNull();
  });
});
