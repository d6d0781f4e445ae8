import { z } from 'zod';

const DATA_CHARACTERS_MAX = 65_536;

/** Text that PostgreSQL can keep in an index: no NUL, no lone surrogates. */
export function keyText(length: number) {
  return z
    .string()
    .min(1)
    .max(length)
    .refine((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text), 'must be well-formed text');
}

/**
 * A CloudEvent 1.0 in JSON. Together `source` and `id` tell it apart. Other attributes are accepted and not kept.
 * `livemode` is an extension: false for events of tests.
 */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: keyText(256),
  source: keyText(256),
  type: keyText(256),
  subject: keyText(256).meta({ description: "Whose event it is: a customer's id, or a subject's key" }),
  time: z.iso
    .datetime({ offset: true })
    .nullish()
    .transform((text) => text ?? undefined),
  datacontenttype: z
    .string()
    .regex(/^application\/json\s*(;|$)/i, 'must be application/json')
    .nullish(),
  data: z
    .record(z.string(), z.unknown())
    .nullish()
    .refine((data) => JSON.stringify(data ?? null).length <= DATA_CHARACTERS_MAX, 'must be at most 64 KiB of JSON'),
  data_base64: z.never({ error: 'is not read: send data as JSON' }).optional(),
  livemode: z.boolean().nullish(),
});
export type CloudEvent = z.output<typeof cloudEvent>;
