# One file, four images: `--target gateway|portal|worker|migrate`. docker-compose.yml builds and wires them.

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/api/package.json packages/api/
COPY packages/contracts/package.json packages/contracts/
COPY packages/core/package.json packages/core/
COPY packages/db/package.json packages/db/
COPY packages/egress/package.json packages/egress/
COPY packages/facilitator/package.json packages/facilitator/
COPY packages/stripe/package.json packages/stripe/
COPY packages/metrics/package.json packages/metrics/
COPY packages/payments/package.json packages/payments/
COPY packages/policies/package.json packages/policies/
COPY packages/protocols/package.json packages/protocols/
COPY packages/services/package.json packages/services/
COPY packages/state/package.json packages/state/
COPY packages/testing/package.json packages/testing/
COPY packages/ui/package.json packages/ui/
COPY apps/gateway/package.json apps/gateway/
COPY apps/portal/package.json apps/portal/
COPY apps/worker/package.json apps/worker/
COPY bench/package.json bench/
COPY e2e/package.json e2e/

FROM manifests AS build
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.base.json turbo.json prisma.config.ts ./
COPY prisma prisma
COPY tools tools
COPY docs/problems docs/problems
COPY packages packages
COPY apps apps
RUN npm run build

# What each app runs on: its own dependencies and nothing else, so that no image holds what its app may not import.
FROM manifests AS gateway-modules
RUN npm ci --omit=dev --workspace=@tollwright/gateway --no-audit --no-fund

FROM manifests AS worker-modules
RUN npm ci --omit=dev --workspace=@tollwright/worker --no-audit --no-fund

FROM node:24-bookworm-slim AS gateway
WORKDIR /app
ENV NODE_ENV=production
COPY --from=gateway-modules /app/ ./
COPY --from=build /app/packages/contracts/dist packages/contracts/dist
COPY --from=build /app/packages/core/dist packages/core/dist
COPY --from=build /app/packages/egress/dist packages/egress/dist
COPY --from=build /app/packages/stripe/dist packages/stripe/dist
COPY --from=build /app/packages/metrics/dist packages/metrics/dist
COPY --from=build /app/packages/payments/dist packages/payments/dist
COPY --from=build /app/packages/policies/dist packages/policies/dist
COPY --from=build /app/packages/protocols/dist packages/protocols/dist
COPY --from=build /app/packages/state/dist packages/state/dist
COPY --from=build /app/apps/gateway/dist apps/gateway/dist
# A new named volume takes owner and mode from here. The spool is the gateway's identity: one volume for each replica.
RUN install -d -o node -g node -m 0700 /var/lib/tollwright/spool /var/lib/tollwright/snapshots
USER node
EXPOSE 8787
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:8787/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/gateway/dist/main.js"]

FROM node:24-bookworm-slim AS worker
WORKDIR /app
ENV NODE_ENV=production
COPY --from=worker-modules /app/ ./
COPY --from=build /app/packages/contracts/dist packages/contracts/dist
COPY --from=build /app/packages/core/dist packages/core/dist
COPY --from=build /app/packages/db/dist packages/db/dist
COPY --from=build /app/packages/egress/dist packages/egress/dist
COPY --from=build /app/packages/facilitator/dist packages/facilitator/dist
COPY --from=build /app/packages/stripe/dist packages/stripe/dist
COPY --from=build /app/packages/metrics/dist packages/metrics/dist
COPY --from=build /app/packages/payments/dist packages/payments/dist
COPY --from=build /app/packages/policies/dist packages/policies/dist
COPY --from=build /app/packages/protocols/dist packages/protocols/dist
COPY --from=build /app/packages/services/dist packages/services/dist
COPY --from=build /app/packages/state/dist packages/state/dist
COPY --from=build /app/apps/worker/dist apps/worker/dist
USER node
EXPOSE 8790
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:8790/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/worker/dist/main.js"]

FROM node:24-bookworm-slim AS portal
WORKDIR /app
# Next's server reads HOSTNAME and PORT. Sign-in takes its address from the request, whose host the portal checks itself.
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000 AUTH_TRUST_HOST=true NEXT_TELEMETRY_DISABLED=1
COPY --from=build /app/apps/portal/.next/standalone/ ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/portal/server.js"]

# Jobs of an operator: migrations and the first provider. The Prisma CLI is a development dependency, hence the whole tree.
FROM build AS migrate
USER node
CMD ["node", "tools/migrate.mjs"]
