import { invalidParameter } from '../errors.ts';
import { pageFields, pageOf } from '../http/page.ts';
import { type Route, route } from '../http/route.ts';
import { randomText } from '../ids.ts';
import { clearableText, mergedMetadata, metadata } from '../params/kinds.ts';
import { boolean, fields, list, type Param, text } from '../params/param.ts';
import { webhookEndpointOf } from './webhook-endpoint.ts';

const address: Param<string> = (value, name) => {
  const given = text()(value, name);
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given;
  throw invalidParameter('Invalid URL: An explicit scheme (such as https) must be provided.', name, 'url_invalid');
};
const eventName: Param<string> = (value, name) => {
  const given = text()(value, name);
  if (given === '*' || /^[a-z_]+(\.[a-z_]+)+$/.test(given)) return given;
  throw invalidParameter(`Invalid ${name}: ${given} is not the name of an event`, name);
};
const written = { description: clearableText(), enabled_events: list(eventName), metadata, url: address };

/** Verbs of `webhook_endpoints`. */
export const webhookEndpointRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/webhook_endpoints',
    fields({ ...written, api_version: text() }, ['enabled_events', 'url']),
    (world, params) => {
      const endpoint = webhookEndpointOf(world.clock.now(), params.url, params.enabled_events);
      endpoint.api_version = params.api_version ?? null;
      endpoint.description = params.description ?? null;
      endpoint.metadata = mergedMetadata({}, params.metadata);
      world.webhookEndpoints.insert(endpoint);
      const secret = `whsec_${randomText(32)}`;
      world.secrets.set(endpoint.id, secret);
      return { ...endpoint, secret };
    },
  ),
  route('GET', '/v1/webhook_endpoints/:id', fields({}), (world, _params, id) => world.webhookEndpoints.get(id)),
  route('POST', '/v1/webhook_endpoints/:id', fields({ ...written, disabled: boolean }), (world, params, id) => {
    const endpoint = world.webhookEndpoints.get(id);
    const { disabled, metadata: change, ...rest } = params;
    Object.assign(endpoint, rest);
    endpoint.metadata = mergedMetadata(endpoint.metadata, change);
    if (disabled !== undefined) endpoint.status = disabled ? 'disabled' : 'enabled';
    return endpoint;
  }),
  route('DELETE', '/v1/webhook_endpoints/:id', fields({}), (world, _params, id) => {
    world.webhookEndpoints.get(id);
    world.webhookEndpoints.delete(id);
    world.secrets.delete(id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
  route('GET', '/v1/webhook_endpoints', fields(pageFields), (world, page) =>
    pageOf(world.webhookEndpoints.newestFirst(), page, '/v1/webhook_endpoints'),
  ),
];
