import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { freePort, startRedis } from '@tollwright/testing';
import { Redis } from 'ioredis';
import { CHAT_PATH } from './fixture.ts';
import type { Target } from './measure.ts';
import { listening, stopChild } from './process.ts';
import { proveRefused } from './proof.ts';
import { type Stage, startPeer } from './stage.ts';

const FOLDER = resolve(import.meta.dirname, 'peers/rivals');
const HUGE = '1000000000000000';
const RIVAL_KEYS = { rich: 'rk_rich', poor: 'rk_poor' };

/** nginx as a bare proxy in one process. */
export async function startNginx({ ends, folder, upstream }: Stage): Promise<Target> {
  const port = await freePort();
  const prefix = join(folder, 'nginx');
  mkdirSync(join(prefix, 'logs'), { recursive: true });
  writeFileSync(join(prefix, 'nginx.conf'), nginxConfig(port, new URL(upstream.origin).host));
  const child = spawn('nginx', ['-p', prefix, '-c', 'nginx.conf'], { stdio: ['ignore', 'ignore', 'inherit'] });
  ends.push(() => stopChild(child));
  await listening(child, port, 'nginx');
  return { name: 'nginx, bare proxy', pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}` };
}

function nginxConfig(port: number, upstreamHost: string): string {
  return `daemon off; master_process off; pid nginx.pid; error_log stderr error;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 1000000000; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream api { server ${upstreamHost}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
  }
}
`;
}

/** Express, a proxy middleware, a rate limit and a budget in Redis; proved to refuse an unknown key and an empty budget. */
export async function startHandBuilt({ ends, upstream }: Stage): Promise<Target> {
  const redis = await startRedis();
  ends.push(() => redis.stop());
  const client = new Redis(redis.url);
  for (const [name, budget] of [
    ['rich', HUGE],
    ['poor', '1'],
  ] as const) {
    const hash = createHash('sha256').update(RIVAL_KEYS[name]).digest('hex');
    await client.hset(`key:${hash}`, { customer: `c_${name}`, agent: `a_${name}` });
    for (const node of [`c_${name}`, `a_${name}`, hash]) await client.set(`budget:${node}`, budget);
  }
  await client.quit();
  const env = { UPSTREAM_URL: upstream.origin, REDIS_URL: redis.url, NODE_ENV: 'production' };
  const peer = await startPeer(ends, 'rivals/hand-built.mjs', env);
  await proveRefused(`${peer.origin}${CHAT_PATH}`, upstream.origin, {}, 401);
  await proveRefused(`${peer.origin}${CHAT_PATH}`, upstream.origin, bearer(RIVAL_KEYS.poor), 429);
  return { name: 'Express, built by hand', ...peer, headers: bearer(RIVAL_KEYS.rich) };
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

/** express-gateway with a key and a rate limit; proved to refuse a call without a key. */
export async function startExpressGateway({ ends, folder, upstream }: Stage): Promise<Target> {
  const redis = await startRedis();
  ends.push(() => redis.stop());
  const config = join(folder, 'express-gateway');
  const [port, adminPort] = [await freePort(), await freePort()];
  mkdirSync(config);
  const own = dirname(createRequire(join(FOLDER, 'package.json')).resolve('express-gateway/package.json'));
  cpSync(join(own, 'lib/config/models'), join(config, 'models'), { recursive: true });
  writeFileSync(join(config, 'system.config.yml'), expressGatewaySystem(redis.port));
  writeFileSync(join(config, 'gateway.config.yml'), expressGatewayConfig(port, adminPort, upstream.origin));
  const env = { CONFIG_DIR: config, LOG_LEVEL: 'error', NODE_ENV: 'production' };
  const peer = await startPeer(ends, 'rivals/express-gateway.mjs', env);
  await listening(peer.process, port, 'express-gateway');
  const admin = `http://127.0.0.1:${adminPort}`;
  await post(`${admin}/users`, { username: 'bench', firstname: 'b', lastname: 'b' });
  const { keyId, keySecret } = await post(`${admin}/credentials`, { consumerId: 'bench', type: 'key-auth' });
  const origin = `http://127.0.0.1:${port}`;
  await proveRefused(`${origin}${CHAT_PATH}`, upstream.origin, {}, 401);
  const headers = { authorization: `apiKey ${keyId}:${keySecret}` };
  return { name: 'express-gateway, key and rate limit', pid: peer.pid, origin, headers };
}

const expressGatewaySystem = (
  redisPort: number,
) => `db: { redis: { host: 127.0.0.1, port: ${redisPort}, namespace: EG } }
crypto: { cipherKey: sensitiveKey, algorithm: aes256, saltRounds: 10 }
session: { secret: bench, resave: false, saveUninitialized: false }
accessTokens: { timeToExpiry: 7200000 }
refreshTokens: { timeToExpiry: 7200000 }
authorizationCodes: { timeToExpiry: 300000 }
`;

function expressGatewayConfig(port: number, adminPort: number, upstream: string): string {
  return `http: { port: ${port}, hostname: 127.0.0.1 }
admin: { port: ${adminPort}, host: 127.0.0.1 }
apiEndpoints: { api: { host: '*', paths: '/*' } }
serviceEndpoints: { up: { url: '${upstream}' } }
policies: [key-auth, rate-limit, proxy]
pipelines:
  main:
    apiEndpoints: [api]
    policies:
      - key-auth:
      - rate-limit: { action: { max: 100000000, windowMs: 3600000, delayAfter: 0, delayMs: 0, rateLimitBy: "\${req.headers.authorization}" } }
      - proxy: { action: { serviceEndpoint: up } }
`;
}

/** Portkey's open-source gateway on its LLM route: it asks for no key and limits nothing. */
export async function startPortkey({ ends, upstream }: Stage): Promise<Target> {
  const port = await freePort();
  const entry = join(FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = spawn(process.execPath, [entry, `--port=${port}`, '--headless'], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  ends.push(() => stopChild(child));
  await listening(child, port, 'portkey');
  const headers = {
    ...{ 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream.origin}/v1` },
    ...bearer('sk-bench'),
  };
  return { name: 'Portkey gateway, no policies', pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}`, headers };
}

async function post(url: string, body: object): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}
