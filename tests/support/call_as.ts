// Sends one request with given credentials and returns status and error code, for REST, tRPC and tRPC subscriptions.

export interface Outcome {
  status: number;
  code: string | undefined;
}

/**
 * @param address the full URL
 * @param body sent as JSON unless the method is GET
 */
export async function callAs(
  method: string,
  address: string,
  headers: Record<string, string>,
  body: unknown = {},
): Promise<Outcome> {
  const leave = new AbortController();
  const response = await fetch(address, {
    method: method.toUpperCase(),
    headers: { "content-type": "application/json", ...headers },
    body: method === "get" ? undefined : JSON.stringify(body),
    redirect: "manual",
    signal: leave.signal,
  });
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    const refused = await readStreamError(response);
    leave.abort();
    return refused ?? { status: response.status, code: undefined };
  }
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const answer = isJson && text ? JSON.parse(text) : undefined;
  return { status: response.status, code: answer?.error?.data?.code ?? answer?.error?.code };
}

/** A refused subscription sends an error event; an accepted one sends nothing at first, hence the timeout. */
async function readStreamError(response: Response): Promise<Outcome | null> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const quiet = new Promise<{ value: undefined }>((resolve) =>
    setTimeout(resolve, 250, { value: undefined })
  );
  while (true) {
    const { value } = await Promise.race([reader.read(), quiet]);
    if (value === undefined) return null;
    text += value;
    const data = text.match(/event: serialized-error\r?\ndata: (.*)\r?\n/)?.[1];
    if (!data) continue;
    const error = JSON.parse(data);
    return { status: error.data.httpStatus, code: error.data.code };
  }
}
