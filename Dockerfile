# One image for every service: the workspace as it is, because Node runs its TypeScript sources directly, but not below
# node_modules, where a deployed copy of our packages would be. That of the API has the console's pages as well.
#
#   docker build --target service --build-arg SERVICE=services/publisher .
#   docker build --target connector-api --build-arg SERVICE=services/connector-api .

FROM node:24-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production

FROM base AS pnpm
RUN npm install --global --no-fund --no-audit pnpm@12.21.0
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches ./patches
COPY packages ./packages

# What a service needs at run time, and nothing for development.
FROM pnpm AS dependencies
COPY services ./services
RUN pnpm install --frozen-lockfile --prod \
    --filter-prod @clarity/connector-api... --filter-prod @clarity/sync-worker... \
    --filter-prod @clarity/publisher... --filter-prod @clarity/bitbucket-simulator...

# The pages of the console. What builds them stays here.
FROM pnpm AS console
COPY tsconfig.base.json ./
COPY apps/console ./apps/console
RUN pnpm install --frozen-lockfile --prod=false --filter @clarity/console... && pnpm --filter @clarity/console build

FROM base AS service
ARG SERVICE
COPY --from=dependencies /app /app
# The first silences a warning of Node about a timer of kafkajs that does no harm; the second one of kafkajs about a
# partitioner that is not used: every record names its partition.
ENV NODE_OPTIONS=--disable-warning=TimeoutNegativeWarning
ENV KAFKAJS_NO_PARTITIONER_WARNING=1
# One heap of the C library for all threads is enough.
ENV MALLOC_ARENA_MAX=2
# The service's own start script, so that the flags of Node stand in one place.
RUN echo "cd ${SERVICE} && exec $(node -p "require('./${SERVICE}/package.json').scripts.start")" > start.sh \
    && mkdir compile-cache && chown node compile-cache
USER node
# What the sources are compiled to is in the image: types are stripped while it is built, which spares each start half a second,
# and each process some 25 MiB of whatever strips them.
ENV NODE_COMPILE_CACHE=/app/compile-cache
# Without a port it ends with an error, and has loaded all that it starts with by then.
RUN ! PORT=none /bin/sh start.sh 2> /dev/null && find compile-cache -type f | grep -q .
# The process becomes the service itself, so that it gets the signals.
CMD ["/bin/sh", "start.sh"]

FROM service AS connector-api
COPY --from=console /app/apps/console/dist ./apps/console/dist
