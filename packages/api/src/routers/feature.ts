import {
  archiveFeature,
  archiveFeatureInput,
  archiveFeatureOutput,
  createFeature,
  createFeatureInput,
  createFeatureOutput,
  listFeatures,
  listFeaturesInput,
  listFeaturesOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What plans grant. */
export const featureRouter = router({
  list: query({
    input: listFeaturesInput,
    output: listFeaturesOutput,
    run: listFeatures,
    rest: 'GET /features',
    summary: 'List features',
  }),
  create: mutation({
    input: createFeatureInput,
    output: createFeatureOutput,
    run: createFeature,
    rest: 'POST /features',
    summary: 'Create a feature',
  }),
  archive: mutation({
    input: archiveFeatureInput,
    output: archiveFeatureOutput,
    run: archiveFeature,
    rest: 'DELETE /features/{featureId}',
    summary: 'Archive a feature',
  }),
});
