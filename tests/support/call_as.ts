// One request with given credentials, and how it was answered: by REST, by tRPC, or by a stream of tRPC.

export interface Outcome {
  status: number;
  code: string | undefined;
}

/**
 * @param address the whole address
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
    const refused = await refusalIn(response);
    leave.abort();
    return refused ?? { status: response.status, code: undefined };
  }
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  const answer = isJson && text ? JSON.parse(text) : undefined;
  return { status: response.status, code: answer?.error?.data?.code ?? answer?.error?.code };
}

/** A subscription is refused by an event in its stream; one that is let in has nothing to tell for a while. */
async function refusalIn(response: Response): Promise<Outcome | null> {
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
