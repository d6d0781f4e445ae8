#!/usr/bin/env node
// Speaks the line JSON-RPC of Prisma's schema engine on stdio, on top of its WASM build and the pg driver adapter, so
// that migrations need no downloaded binary. The protocol is not documented: the versions in package.json are exact.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const require = createRequire(import.meta.url);
const INTERNAL_CHAR_OID = 18;
const TEXT_OID = 25;
const JSON_RPC_FAILED = 4466;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    version: { type: 'boolean' },
  },
});
const datasource = flags.datasource ? JSON.parse(flags.datasource) : {};

const glue = await loadEngine();
if (flags.version) {
  console.log(`schema-engine-wasm ${glue.version()}`);
  process.exit(0);
}
if (positionals[0] === 'cli') process.exit(await checkDatabase(positionals[1]));
serve(adapterFactory());

async function loadEngine() {
  const folder = require.resolve('@prisma/schema-engine-wasm').replace(/[^/\\]*$/, '');
  const bindings = await import(pathToFileURL(`${folder}schema_engine_bg.js`).href);
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => logError(message) };
  const bytes = readFileSync(`${folder}schema_engine_bg.wasm`);
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

function logError(message, errorCode) {
  const fields = { message, error_code: errorCode };
  const entry = { level: 'ERROR', target: 'schema_engine::logger', timestamp: new Date().toISOString(), fields };
  process.stderr.write(`\n${JSON.stringify(entry)}\n`);
}

/** `cli can-connect-to-database` and `cli create-database`: answers the exit code. */
async function checkDatabase(verb) {
  const url = new URL(datasource.url);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (verb === 'create-database') url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    if (verb === 'create-database') await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    await client.end();
    return 0;
  } catch (error) {
    logError(String(error.message), { '3D000': 'P1003', '28P01': 'P1000' }[error.code] ?? 'P1001');
    return 1;
  }
}

/** In parts, because a connection string would win over the name of the shadow database. */
function connection(href) {
  const url = new URL(href);
  const secure = ['require', 'verify-ca', 'verify-full'].includes(url.searchParams.get('sslmode'));
  return {
    idleTimeoutMillis: 200,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || undefined,
    ssl: secure ? true : undefined,
  };
}

function adapterFactory() {
  const schema = datasource.url ? (new URL(datasource.url).searchParams.get('schema') ?? undefined) : undefined;
  const factory = new PrismaPg(connection(datasource.url ?? 'postgresql://unset'), { schema });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mapInternalChar(await connect());
  factory.connectToShadowDb = async () => mapInternalChar(await connectToShadow(connect));
  return factory;
}

/** The adapter drops the shadow database before it closes its own pool, which Postgres refuses; here it closes first. */
async function connectToShadow(connect) {
  if (datasource.shadowDatabaseUrl) return new PrismaPg(connection(datasource.shadowDatabaseUrl)).connect();
  const main = await connect();
  const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
  await main.executeScript(`CREATE DATABASE "${database}"`);
  const shadow = await new PrismaPg({ ...connection(datasource.url), database }).connect();
  const dispose = shadow.dispose.bind(shadow);
  shadow.dispose = async () => {
    await dispose();
    await main.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
    await main.dispose();
  };
  return shadow;
}

const mapped = Symbol('internal-char-mapped');

/** The engine's describer selects the catalog type "char", which the adapter cannot map: it is read as text. */
function mapInternalChar(adapter) {
  // The adapter cuts scripts at every semicolon, also inside function bodies: the server splits them right.
  adapter.executeScript = async function (script) {
    try {
      await this.client.query(script);
    } catch (error) {
      this.onError(error);
    }
  };
  let prototype = adapter;
  while (prototype && !Object.hasOwn(prototype, 'performIO')) prototype = Object.getPrototypeOf(prototype);
  if (!prototype || prototype[mapped]) return adapter;
  prototype[mapped] = true;
  const { performIO, queryRaw } = prototype;
  const columnsOf = new WeakMap();
  prototype.performIO = async function (query) {
    const result = await performIO.call(this, query);
    const columns = [];
    result.fields?.forEach((field, index) => {
      if (field.dataTypeID !== INTERNAL_CHAR_OID) return;
      field.dataTypeID = TEXT_OID;
      columns.push(index);
    });
    if (columns.length > 0) columnsOf.set(query, columns);
    return result;
  };
  prototype.queryRaw = async function (query) {
    const result = await queryRaw.call(this, query);
    for (const index of columnsOf.get(query) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}

function serve(factory) {
  const datamodels = flags.datamodels?.map((path) => [path, readFileSync(path, 'utf8')]);
  const lines = createInterface({ input: process.stdin });
  let answered = Promise.resolve();
  lines.on('line', (line) => {
    if (line.trim()) answered = answered.then(() => answer(JSON.parse(line), factory, datamodels));
  });
  lines.on('close', () => answered.then(() => process.exit(0)));
}

async function answer({ id, method, params }, factory, datamodels) {
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  try {
    // A new engine for each call, since an engine forgets the shadow factory after its first use.
    const log = (entry) => process.stderr.write(`${entry}\n`);
    const engine = await glue.SchemaEngine.new({ datamodels }, log, bindMigrationAwareSqlAdapterFactory(factory));
    if (method === 'evaluateDataLoss' || method === 'createMigration') {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    }
    const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params);
    if (method === 'diff' && result?.stdout) send({ method: 'print', id: 0, params: { content: result.stdout } });
    send({ id, result: result ?? {} });
  } catch (error) {
    send({ id, error: failure(error) });
  }
}

function failure(error) {
  const message = String(error?.message ?? error);
  const code = error?.code ?? error?.error_code;
  const known = { is_panic: false, message, meta: error?.meta ?? null };
  const data = code ? { ...known, error_code: code } : { ...known, backtrace: null };
  return { code: JSON_RPC_FAILED, message: 'An error happened. Check the data field for details.', data };
}
