# One image for the server, the worker, migrations and administration. The panel is built in a stage of its own, so that
# the image holds the packages of the server alone.
FROM denoland/deno:debian-2.9.6 AS panel
WORKDIR /app
COPY . .
RUN deno task build

FROM denoland/deno:debian-2.9.6
WORKDIR /app
COPY deno.json deno.lock ./
COPY cli/install_main.ts cli/
RUN deno run -A cli/install_main.ts .
COPY . .
COPY --from=panel /app/web/dist web/dist
USER deno
EXPOSE 8080
CMD ["deno", "task", "server"]
