# One image for every program of production: the server, the worker and the migrations, with the panel built.
FROM denoland/deno:debian-2.9.6
WORKDIR /app
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY . .
RUN deno task build
RUN deno cache server/main.ts worker/main.ts db/migrate_main.ts
USER deno
EXPOSE 8080
CMD ["deno", "task", "server"]
