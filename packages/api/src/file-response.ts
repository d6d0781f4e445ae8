import type { FileAnswer } from '@tollwright/services';
import type { ApiContext } from './trpc.ts';

/** Answers a file to be kept, read on as fast as it is taken. What fails in its middle breaks the answer off. */
export function fileResponse(
  { filename, mediaType, chunks }: FileAnswer,
  { requestId, services }: Pick<ApiContext, 'requestId' | 'services'>,
): Response {
  const iterator = chunks()[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        services.onError(`write ${filename}`, error);
        controller.error(error);
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${filename.replace(/[^\w.-]/g, '_')}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
  });
}
