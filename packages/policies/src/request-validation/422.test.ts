import type { RequestSchema } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { callOf, problemOf, readyPolicy } from '../policy-harness.ts';
import { requestSchemaProblem } from './validator.ts';

const requestSchema: RequestSchema = {
  parameters: [
    { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } },
    { name: 'limit', in: 'query', required: true, schema: { type: 'integer', maximum: 100 } },
    { name: 'dry', in: 'query', required: false, schema: { type: 'boolean' } },
    { name: 'tag', in: 'query', required: false, schema: { type: 'array', items: { enum: ['a', 'b'] } } },
  ],
  body: { required: true, schema: { $ref: '#/$defs/Chat' } },
  definitions: {
    Chat: {
      type: 'object',
      required: ['model', 'messages'],
      additionalProperties: false,
      properties: {
        model: { type: 'string' },
        messages: { type: 'array', minItems: 1, items: { $ref: '#/$defs/Message' } },
        temperature: { type: 'number', minimum: 0, maximum: 2 },
      },
    },
    Message: {
      type: 'object',
      required: ['role'],
      properties: { role: { enum: ['user', 'system'] }, at: { format: 'date-time' } },
    },
  },
};
const policy = (options: Record<string, unknown> = {}) =>
  readyPolicy('request-validation', options, { level: 'route', route: { requestSchema } });
const json = { model: 'm', messages: [{ role: 'user' }] };
const good = { json, query: '?limit=10' };
const errorsOf = (call: Parameters<typeof callOf>[0], options = {}) =>
  (problemOf(policy(options), callOf(call))?.members?.errors ?? []) as { path: string; message: string }[];
const pathsOf = (call: Parameters<typeof callOf>[0], options = {}) => errorsOf(call, options).map(({ path }) => path);

describe('request-validation 422', () => {
  it('lists everything that is wrong, in path, query and body', () => {
    const body = { messages: [{ role: 'robot' }, {}], temperature: 9, extra: 1 };
    expect(pathsOf({ path: '/chat/zero', query: '?limit=1000&dry=perhaps', json: body }).sort()).toEqual([
      ...['extra', 'messages.0.role', 'messages.1.role', 'model', 'path.id', 'query.dry', 'query.limit', 'temperature'],
    ]);
  });

  it('says each in words', () => {
    const errors = errorsOf({ ...good, json: { messages: [{ role: 'robot' }], model: 'm', extra: 1 } });
    expect(errors).toEqual([
      { path: 'extra', message: 'is not known here' },
      { path: 'messages.0.role', message: 'must be one of user, system' },
    ]);
    expect(problemOf(policy(), callOf({ ...good, json: { model: 'm' } }))).toMatchObject({
      slug: 'invalid-input',
      detail: 'One field is not valid.',
      members: { errors: [{ path: 'messages', message: 'is required' }] },
    });
  });

  it.each([
    ['what the operation describes', good],
    ['numbers, booleans and lists of a query', { ...good, query: '?limit=10&dry=true&tag=a&tag=b' }],
    ['a list in one value', { ...good, query: '?limit=10&tag=a,b' }],
    ['a query parameter that is not named', { ...good, query: '?limit=10&other=1' }],
  ])('lets %s through', (_what, call) => {
    expect(errorsOf(call)).toEqual([]);
  });

  it.each([
    ['no body', { query: '?limit=1' }, ['']],
    ['a body that is no JSON', { query: '?limit=1', text: '{' }, ['']],
    ['a list of another kind', { ...good, query: '?limit=1&tag=c' }, ['query.tag.0']],
    ['a value given twice', { ...good, query: '?limit=1&limit=2' }, ['query.limit']],
    ['an encoded path value', { ...good, path: '/chat/%30' }, ['path.id']],
    ['a body whose numbers are text', { ...good, json: { ...json, temperature: '1' } }, ['temperature']],
    [
      'a format that does not hold',
      { ...good, json: { ...json, messages: [{ role: 'user', at: 'today' }] } },
      ['messages.0.at'],
    ],
  ])('refuses %s', (_what, call, paths) => {
    expect(pathsOf(call)).toEqual(paths);
  });

  it('refuses query parameters that are not named where it is told to, whatever their names', () => {
    const call = { ...good, query: '?limit=1&other=1&__proto__=2' };
    expect(pathsOf(call, { unknownQuery: 'refuse' }).sort()).toEqual(['query.__proto__', 'query.other']);
  });

  it('lists at most so many errors, and says how many there are', () => {
    const call = { ...good, json: { model: 'm', messages: Array.from({ length: 40 }, () => ({})) } };
    expect(errorsOf(call, { errorsMax: 5 })).toHaveLength(5);
    expect(problemOf(policy({ errorsMax: 5 }), callOf(call))?.detail).toBe('40 fields are not valid.');
  });

  it('checks what it is told to check', () => {
    const call = { path: '/chat/zero', json: {} };
    expect(pathsOf(call, { body: false, query: false })).toEqual(['path.id']);
    expect(pathsOf(call, { body: false, path: false })).toEqual(['query.limit']);
  });

  it('does not change the document', () => {
    const call = callOf({ ...good, json: { ...json, temperature: 1 } });
    const before = JSON.stringify(call.document());
    policy().decide(call);
    expect(JSON.stringify(call.document())).toBe(before);
  });

  it('formats that OpenAPI knows and JSON Schema does not hold always', () => {
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer', format: 'int32' }, p: { format: 'password' } },
    };
    const route = { requestSchema: { parameters: [], body: { required: true, schema }, definitions: {} } };
    const own = readyPolicy('request-validation', {}, { level: 'route', route });
    expect(problemOf(own, callOf({ json: { n: 1, p: 'x' } }))).toBeNull();
    expect(problemOf(own, callOf({ json: { n: 'x' } }))?.slug).toBe('invalid-input');
  });

  it('schemas that cannot be compiled are named before they are published', () => {
    const broken = { ...requestSchema, body: { required: true, schema: { $ref: '#/$defs/None' } } };
    expect(requestSchemaProblem(broken, '/chat/{id}')).toContain('None');
    expect(requestSchemaProblem(requestSchema, '/chat/{id}')).toBeNull();
  });
});
