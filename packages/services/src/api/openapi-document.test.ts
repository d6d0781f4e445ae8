import { describe, expect, it } from 'vitest';
import { documentWarnings, readDocument } from './openapi-document.ts';
import { readOperations, serverUrlOf } from './operations.ts';

const responses = { 200: { description: 'ok' } };
const head = { openapi: '3.0.3', info: { title: 'T', version: '1' } };

function read(paths: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return readOperations(readDocument(JSON.stringify({ ...head, paths, ...more })));
}

describe('readDocument', () => {
  it('reads YAML as it reads JSON', () => {
    const yaml = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths:\n  /a:\n    get: {responses: {}}\n';
    expect(readOperations(readDocument(yaml)).operations).toEqual([
      { operationId: 'get_a', method: 'GET', pathTemplate: '/a', summary: '' },
    ]);
  });

  it.each([
    ['Swagger 2', '{"swagger":"2.0","paths":{"/a":{}}}', /found Swagger 2\.0/],
    ['OpenAPI 4', '{"openapi":"4.0.0","paths":{"/a":{}}}', /found 4\.0\.0/],
    ['no paths', '{"openapi":"3.1.0","paths":{}}', /has no paths/],
    ['text', 'hello', /not an OpenAPI document/],
    ['broken JSON', '{"openapi"', /neither JSON nor YAML/],
    ['NUL', '{"openapi":"3.1.0","paths":{"/a":{"summary":"\\u0000"}}}', /NUL/],
  ])('refuses %s', (_name, text, message) => {
    expect(() => readDocument(text)).toThrow(message);
  });

  it('refuses YAML whose aliases multiply', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 9; level += 1) {
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );
    }
    expect(() => readDocument(lines.join('\n'))).toThrow(/alias/i);
  });
});

describe('readOperations', () => {
  it('names what has no name and renames what is there twice', () => {
    const found = read({
      '/users/{id}': { get: { responses }, delete: { operationId: 'x', responses } },
      '/things': { post: { operationId: 'x', summary: ' Make ', responses } },
    });
    expect(found.operations.map((operation) => operation.operationId)).toEqual(['get_users_id', 'x', 'x_2']);
    expect(found.operations[2]?.summary).toBe('Make');
    expect(found.warnings).toHaveLength(1);
  });

  it('follows references within the document and leaves others out', () => {
    const pathItems = { shared: { get: { operationId: 'shared', responses } } };
    const paths = { '/a': { $ref: '#/components/pathItems/shared' }, '/b': { $ref: 'http://127.0.0.1/b.yaml' } };
    const found = read(paths, { components: { pathItems } });
    expect(found.operations.map((operation) => operation.pathTemplate)).toEqual(['/a']);
    expect(found.warnings).toEqual([expect.stringContaining('/b was left out')]);
  });

  it.each([
    ['a reserved path', { '/_tw/keys': { get: { responses } } }, /reserved/],
    ['a path without a slash', { a: { get: { responses } } }, /must begin with/],
    ['dot segments', { '/a/../b': { get: { responses } } }, /cannot be routed/],
    ['two paths that match the same calls', { '/a/{x}': { get: {} }, '/a/{y}': { get: {} } }, /match the same calls/],
    ['no operations', { '/a': {} }, /has no operations/],
  ])('refuses %s', (_name, paths, message) => {
    expect(() => read(paths)).toThrow(message);
  });
});

describe('serverUrlOf', () => {
  const of = (servers: unknown, from: string | null = null) =>
    serverUrlOf({ ...head, paths: {}, servers } as Parameters<typeof serverUrlOf>[0], from);

  it('fills variables in and drops trailing slashes', () => {
    const variables = { region: { default: 'eu' } };
    expect(of([{ url: 'https://{region}.example/v1/', variables }])).toBe('https://eu.example/v1');
  });

  it('reads a relative address from where the document was', () => {
    expect(of([{ url: '/v2' }], 'https://docs.example/openapi.json')).toBe('https://docs.example/v2');
    expect(of([{ url: '/v2' }])).toBeNull();
    expect(of(undefined)).toBeNull();
  });
});

describe('documentWarnings', () => {
  it('says what the specification finds, without following references to elsewhere', async () => {
    const schema = { $ref: 'http://127.0.0.1:9/schema.json' };
    const get = { parameters: [{ name: 'q', in: 'query', schema }], responses };
    const good = readDocument(JSON.stringify({ ...head, paths: { '/a': { get } } }));
    expect(await documentWarnings(good)).toEqual([]);
    const bad = readDocument(JSON.stringify({ openapi: '3.0.3', paths: { '/a': { get } } }));
    expect((await documentWarnings(bad)).join()).toContain('info');
  });

  it('says each thing once, in a line, with the place that the checker marks', async () => {
    const paths = { '/a': { get: { responses: {} } }, '/b': { get: { responses: {} } } };
    const document = readDocument(JSON.stringify({ ...head, openapi: '3.1.0', paths }));
    expect(await documentWarnings(document)).toEqual([`"responses": {}: must have required property 'default'`]);
  });
});
