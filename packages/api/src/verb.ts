import type { Actor, ServiceContext } from '@tollwright/services';
import type { OpenApiMeta } from 'trpc-to-openapi';
import { z } from 'zod';
import { inOrganization, type Organization, type ProcedureMeta, type WholeBody } from './trpc.ts';

type OpenApi = NonNullable<OpenApiMeta['openapi']>;

/** What a verb that answers nothing answers: 204. */
export const nothing = z.void();

/** A service verb with its schemas and its address. `providerId` and `customerId` of the input come from the organization. */
export interface VerbRoute<Input extends z.ZodObject, Output extends z.ZodType> {
  readonly input: Input;
  readonly output: Output;
  readonly run: (ctx: ServiceContext, actor: Actor, input: z.input<Input>) => Promise<z.output<Output>>;
  /** `GET /agents`; absent for what only the portal uses. */
  readonly rest?: `${OpenApi['method']} /${string}`;
  readonly wholeBody?: WholeBody;
  /** The media type of the file that it answers. */
  readonly fileType?: string;
  readonly summary: string;
}

/** What a caller sends: the verb's input without its provider; a customer only where a provider's actor has to name one. */
type CallerInput<Input extends z.ZodObject> = Omit<z.input<Input>, 'providerId' | 'customerId'> &
  ('customerId' extends keyof z.input<Input> ? { customerId?: string | undefined } : unknown);

/** A verb that reads, as a tRPC query and a GET. */
export function query<Input extends z.ZodObject, Output extends z.ZodType>(route: VerbRoute<Input, Output>) {
  return prepared(route).query(resolver(route));
}

/** A verb that changes something, as a tRPC mutation and any other method. */
export function mutation<Input extends z.ZodObject, Output extends z.ZodType>(route: VerbRoute<Input, Output>) {
  return prepared(route).mutation(resolver(route));
}

function prepared<Input extends z.ZodObject, Output extends z.ZodType>(route: VerbRoute<Input, Output>) {
  type Sent = CallerInput<Input>;
  return inOrganization
    .meta(metaOf(route))
    .input(callerSchema(route) as unknown as z.ZodType<Sent, Sent>)
    .output(route.output as unknown as z.ZodType<z.output<Output>, z.output<Output>>);
}

interface Call<Input extends z.ZodObject> {
  readonly ctx: { readonly services: ServiceContext; readonly actor: Actor; readonly organization: Organization };
  readonly input: CallerInput<Input>;
}

/** tRPC cannot follow a schema that is a type parameter: what goes in and comes out is typed by `prepared`. */
function resolver<Input extends z.ZodObject, Output extends z.ZodType>(route: VerbRoute<Input, Output>): never {
  const resolve = ({ ctx, input }: Call<Input>) =>
    route.run(ctx.services, ctx.actor, complete(route, ctx.organization, input));
  return resolve as never;
}

function callerSchema(route: { readonly input: z.ZodObject; readonly rest?: string }): z.ZodObject {
  const { providerId: _provider, ...shape } = route.input.shape;
  const { customerId } = shape;
  if (customerId !== undefined && !isOptional(customerId) && !route.rest?.includes('{customerId}')) {
    shape.customerId = z
      .string()
      .meta({ description: "The customer, where a provider's token or person acts on one" })
      .optional();
  }
  return z.object(Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, described(schema)])));
}

function isOptional(schema: z.core.$ZodType): schema is z.ZodOptional {
  return schema instanceof z.ZodOptional;
}

/** The generator of the document looks through an optional parameter and takes the description of what is inside. */
function described(schema: z.core.$ZodType): z.core.$ZodType {
  if (!isOptional(schema) || schema.description === undefined) return schema;
  const inner = schema.unwrap() as z.ZodType;
  return inner.meta({ ...inner.meta(), description: schema.description }).optional();
}

function complete<Input extends z.ZodObject>(
  route: { readonly input: Input },
  organization: Organization,
  sent: CallerInput<Input>,
): z.input<Input> {
  const { shape } = route.input;
  const customerId = (sent as { customerId?: string }).customerId ?? organization.customerId ?? undefined;
  return {
    ...sent,
    ...('providerId' in shape ? { providerId: organization.providerId } : {}),
    ...('customerId' in shape && customerId !== undefined ? { customerId } : {}),
  } as z.input<Input>;
}

function metaOf(route: {
  readonly rest?: string;
  readonly wholeBody?: WholeBody;
  readonly fileType?: string;
  readonly summary: string;
}): ProcedureMeta {
  if (route.rest === undefined) return {};
  const [method, path] = route.rest.split(' ') as [OpenApi['method'], OpenApi['path']];
  const tag = path.split('/')[1] ?? '';
  const openapi = { method, path, summary: route.summary, tags: [tag], protect: true };
  const { wholeBody, fileType } = route;
  return {
    openapi,
    ...(wholeBody === undefined ? {} : { wholeBody }),
    ...(fileType === undefined ? {} : { fileType }),
  };
}
