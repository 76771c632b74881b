// Calls of the License API by many connections at once, counted by what is answered.

/** "200" or the code of the refusal, "403 ACTIVATION_LIMIT_REACHED". */
export async function answerOf(response: Response): Promise<string> {
  const body = await response.json().catch(() => undefined);
  const code = body?.error?.code ?? body?.code;
  return response.ok ? String(response.status) : `${response.status} ${code ?? ""}`.trim();
}

/** Runs every job, this many at once, and counts the results. */
export async function countResults(
  connections: number,
  count: number,
  job: (number: number) => Promise<string>,
): Promise<Record<string, number>> {
  const results: Record<string, number> = {};
  let next = 0;
  await Promise.all(Array.from({ length: connections }, async () => {
    while (next < count) {
      const result = await job(next++);
      results[result] = (results[result] ?? 0) + 1;
    }
  }));
  return results;
}

export function post(url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}
