// A receiver of OpenTelemetry traces over OTLP/HTTP, as JSON.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "./test.ts";

export interface ReceivedSpan {
  name: string;
  /** 2: a server's, 3: a client's (opentelemetry.proto.trace.v1). */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  attributes: Record<string, unknown>;
  links: string[];
  isFailed: boolean;
}

export interface OtlpReceiver {
  /** The variables of a program that sends its traces here. */
  env: Record<string, string>;
  spans: ReceivedSpan[];
  /** Everything that arrived, as text. */
  received(): string;
  /** Waits for a span of a trace. */
  span(traceId: string, name: string): Promise<ReceivedSpan>;
  stop(): Promise<void>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

/** Starts a receiver. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let text = "";
  const server = createServer(async (request, response) => {
    let body = "";
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      // Who exports ends its connection when an answer is late, or when it stops.
      return;
    }
    text += body;
    if (request.url === "/v1/traces") spans.push(...readSpans(JSON.parse(body)));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_TRACING: "false",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_TIMEOUT: "300",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
    spans,
    received: () => text,
    span: (traceId, name) =>
      eventually(
        () => Promise.resolve(spans.find((span) => span.traceId === traceId && span.name === name)),
        10_000,
      ),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

// deno-lint-ignore no-explicit-any
function readSpans(message: any): ReceivedSpan[] {
  // deno-lint-ignore no-explicit-any
  const sent: any[] = message.resourceSpans.flatMap(({ scopeSpans }: any) =>
    // deno-lint-ignore no-explicit-any
    scopeSpans.flatMap(({ spans }: any) => spans)
  );
  return sent.map(({ name, kind, traceId, spanId, parentSpanId, attributes, links, status }) => ({
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    attributes: Object.fromEntries(
      (attributes as Attribute[]).map(({ key, value }) => [key, Object.values(value)[0]]),
    ),
    links: (links as { traceId: string }[]).map(({ traceId }) => traceId),
    isFailed: status.code === 2,
  }));
}
