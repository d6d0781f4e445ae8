// What people build by hand in an afternoon: Express, http-proxy-middleware, express-rate-limit on Redis, and a budget in
// Redis that is reserved by a script before a call and settled from the usage in the answer. It keeps no spool, writes
// no event, and leaves a hold behind when it dies.
import { createHash } from 'node:crypto';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { createProxyMiddleware, fixRequestBody, responseInterceptor } from 'http-proxy-middleware';
import { Redis } from 'ioredis';
import { RedisStore } from 'rate-limit-redis';

const redis = new Redis(process.env.REDIS_URL);
const NANO_USD_PER_INPUT_TOKEN = 500;
const NANO_USD_PER_OUTPUT_TOKEN = 1500;

redis.defineCommand('reserve', {
  numberOfKeys: 3,
  lua: `for i = 1, 3 do if tonumber(redis.call('get', KEYS[i]) or '0') < tonumber(ARGV[1]) then return 0 end end
    for i = 1, 3 do redis.call('decrby', KEYS[i], ARGV[1]) end return 1`,
});

const app = express();
app.use(express.json({ limit: '1mb' }));
app.use(async (request, response, next) => {
  const key = request.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const hash = createHash('sha256').update(key).digest('hex');
  const known = await redis.hgetall(`key:${hash}`);
  if (known.customer === undefined) {
    response.status(401).json({ error: 'invalid key' });
    return;
  }
  request.budgets = [`budget:${known.customer}`, `budget:${known.agent}`, `budget:${hash}`];
  request.keyHash = hash;
  next();
});
app.use(
  rateLimit({
    windowMs: 3_600_000,
    limit: 10_000_000,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => request.keyHash,
    store: new RedisStore({ sendCommand: (...args) => redis.call(...args) }),
  }),
);
app.use(async (request, response, next) => {
  const inputTokens = JSON.stringify(request.body).length;
  const held = inputTokens * NANO_USD_PER_INPUT_TOKEN + (request.body.max_tokens ?? 1000) * NANO_USD_PER_OUTPUT_TOKEN;
  if ((await redis.reserve(...request.budgets, held)) !== 1) {
    response.status(429).json({ error: 'budget exhausted' });
    return;
  }
  request.held = held;
  next();
});
app.use(
  createProxyMiddleware({
    target: process.env.UPSTREAM_URL,
    selfHandleResponse: true,
    on: {
      proxyReq: fixRequestBody,
      proxyRes: responseInterceptor(async (body, _answer, request, response) => {
        const { usage } = JSON.parse(body.toString('utf8'));
        const cost =
          usage.prompt_tokens * NANO_USD_PER_INPUT_TOKEN + usage.completion_tokens * NANO_USD_PER_OUTPUT_TOKEN;
        const settled = redis.multi();
        for (const budget of request.budgets) settled.incrby(budget, request.held - cost);
        await settled.exec();
        response.setHeader('x-cost-nano-usd', String(cost));
        return body;
      }),
    },
  }),
);
app.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
