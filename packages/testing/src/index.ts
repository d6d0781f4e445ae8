export { startUpstream, type Upstream } from './upstream/upstream.ts';
