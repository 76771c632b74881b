# One image for the server, the worker, migrations, backups and administration: `docker run … latchkey server`, or any other
# task of deno.json. It holds the packages of the server alone, runs as an account without rights, and writes nothing but
# to /tmp, so that its root may be read-only.
ARG DENO=docker.io/denoland/deno:bin-2.9.6
ARG DEBIAN=docker.io/library/debian:bookworm-slim

FROM ${DENO} AS deno

FROM ${DEBIAN} AS build
COPY --from=deno /deno /usr/local/bin/deno
ENV DENO_DIR=/deno-dir
WORKDIR /app
COPY deno.json deno.lock ./
COPY web/packages.json web/packages.lock web/
COPY cli/install_main.ts cli/
RUN deno run -A --quiet cli/install_main.ts . web
COPY . .
# The programs are compiled once, here; what only builds the panel is left behind.
RUN deno run -A --quiet web/build.ts \
  && mkdir /panel && mv web/dist /panel/dist \
  && for readme in sdk/README.md sdk/*/README.md; do install -D "$readme" "/libraries/$readme"; done \
  && deno cache --quiet server/main.ts server/server_process.ts worker/main.ts cli/*_main.ts server/domain/sheets/reader_worker.ts \
  && rm -rf "$DENO_DIR/npm"

FROM ${DEBIAN}
COPY --from=deno /deno /usr/local/bin/deno
WORKDIR /app
COPY --from=build /deno-dir /deno-dir
COPY --from=build /app/deno.json /app/deno.lock ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/cli cli
COPY --from=build /app/db db
COPY --from=build /app/docs docs
# Of the client libraries what the documentation shows.
COPY --from=build /libraries/sdk sdk
COPY --from=build /app/server server
COPY --from=build /app/worker worker
COPY --from=build /panel/dist web/dist
ENV DENO_DIR=/deno-dir \
  DENO_NO_UPDATE_CHECK=1 \
  HOME=/tmp \
  DATA_DIR=/tmp/latchkey
USER 10001:10001
EXPOSE 8080
# For a server. A worker has its own check, see compose.yaml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["deno", "task", "--quiet", "latchkey", "health"]
ENTRYPOINT ["deno", "task", "--quiet"]
CMD ["server"]
