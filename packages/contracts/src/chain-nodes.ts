import { z } from 'zod';

/** An environment variable that names a node for each network: `eip155:84532=http://127.0.0.1:8545,...`. */
export const chainNodeUrls = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((part) => part.trim() !== ''))
  .transform((parts, context) => {
    const urls = new Map<string, string>();
    for (const part of parts) {
      const [, network, url] = /^\s*(eip155:\d{1,12})=(https?:\/\/\S+)\s*$/.exec(part) ?? [];
      if (network === undefined || url === undefined) {
        context.addIssue({ code: 'custom', message: `${part} is not network=address` });
        return z.NEVER;
      }
      urls.set(network, url);
    }
    return urls as ReadonlyMap<string, string>;
  });
