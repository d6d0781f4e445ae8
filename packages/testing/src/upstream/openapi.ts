const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const answer = (description: string, schema: object) => ({ description, ...json(schema) });
const text = { type: 'string' };
const integer = { type: 'integer' };
const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});

const message = object({ role: { type: 'string', enum: ['system', 'user', 'assistant'] }, content: text });
const usage = object({ prompt_tokens: integer, completion_tokens: integer, total_tokens: integer });
const count = { type: 'integer', minimum: 1 };
const chatRequest = object(
  {
    model: text,
    messages: { type: 'array', items: message, minItems: 1 },
    max_tokens: count,
    max_completion_tokens: count,
    n: { type: 'integer', minimum: 1, maximum: 16 },
    stream: { type: 'boolean' },
    stream_options: object({ include_usage: { type: 'boolean' } }, []),
  },
  ['model', 'messages'],
);
const chatAnswer = object({
  id: text,
  object: { const: 'chat.completion' },
  created: integer,
  model: text,
  choices: { type: 'array', items: object({ index: integer, message, finish_reason: text }) },
  usage,
});

const textOrList = { oneOf: [text, { type: 'array', items: {} }] };
const streamed = (name: string) => ({
  200: {
    description: 'The answer, as JSON or as server-sent events',
    content: {
      'application/json': { schema: name === '' ? {} : { $ref: name } },
      'text/event-stream': { schema: text },
    },
  },
});
const stream = { type: 'boolean' };
const streamOptions = object({ include_usage: { type: 'boolean' } }, []);

/** The routes that a model answers beside chat completions, by the names that their own APIs give them. */
const modelPaths = {
  '/v1/completions': {
    post: {
      ...{ operationId: 'createCompletion', summary: 'Complete a text', tags: ['chat'] },
      requestBody: {
        required: true,
        ...json(
          object(
            { model: text, prompt: textOrList, max_tokens: count, n: count, stream, stream_options: streamOptions },
            ['model', 'prompt'],
          ),
        ),
      },
      responses: streamed(''),
    },
  },
  '/v1/responses': {
    post: {
      ...{ operationId: 'createResponse', summary: 'Answer an input', tags: ['chat'] },
      requestBody: {
        required: true,
        ...json(object({ model: text, input: textOrList, max_output_tokens: count, stream }, ['model', 'input'])),
      },
      responses: streamed(''),
    },
  },
  '/v1/messages': {
    post: {
      ...{ operationId: 'createMessage', summary: 'Answer a conversation, in the shape of Anthropic', tags: ['chat'] },
      requestBody: {
        required: true,
        ...json(
          object({ model: text, messages: { type: 'array', items: {} }, max_tokens: count, stream }, [
            'model',
            'messages',
            'max_tokens',
          ]),
        ),
      },
      responses: streamed(''),
    },
  },
};

/** Describes the sample upstream, as a provider would paste it. `serverUrl` becomes the only server. */
export function sampleOpenApi(serverUrl: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sample API',
      version: '1.0.0',
      description: 'A small API to try a gateway on: chat completions, responses, messages, weather and quotes.',
    },
    servers: [{ url: serverUrl }],
    security: [{ bearer: [] }],
    paths: {
      '/v1/chat/completions': {
        post: {
          operationId: 'createChatCompletion',
          summary: 'Answer a conversation',
          tags: ['chat'],
          requestBody: { required: true, ...json({ $ref: '#/components/schemas/ChatRequest' }) },
          responses: streamed('#/components/schemas/ChatAnswer'),
        },
      },
      ...modelPaths,
      '/v1/models': {
        get: {
          operationId: 'listModels',
          summary: 'List the models',
          tags: ['chat'],
          responses: {
            200: answer('The models', object({ object: text, data: { type: 'array', items: { type: 'object' } } })),
          },
        },
      },
      '/weather': {
        get: {
          operationId: 'getWeather',
          summary: 'Weather in a city',
          tags: ['data'],
          parameters: [{ name: 'city', in: 'query', required: false, schema: text }],
          responses: { 200: answer('The weather', { $ref: '#/components/schemas/Weather' }) },
        },
      },
      '/quotes/{symbol}': {
        get: {
          operationId: 'getQuote',
          summary: 'The last price of a share',
          tags: ['data'],
          parameters: [{ name: 'symbol', in: 'path', required: true, schema: text }],
          responses: { 200: answer('The quote', { $ref: '#/components/schemas/Quote' }) },
        },
      },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ChatRequest: chatRequest,
        ChatAnswer: chatAnswer,
        Weather: object({ city: text, temperatureCelsius: { type: 'number' }, sky: text, humidityPercent: integer }),
        Quote: object({ symbol: text, priceCents: integer, currency: text, changeBasisPoints: integer }),
      },
    },
  };
}
