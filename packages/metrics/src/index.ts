export { expose, type Family, type Sample } from './exposition.ts';
export { Histogram } from './histogram.ts';
export { type MetricsServer, startMetricsServer } from './metrics-server.ts';
export { processFamilies } from './process-families.ts';
