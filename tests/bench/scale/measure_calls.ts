// Calls of the panel, one after the other, over HTTP.
import { percentile } from "../measure.ts";
import type { PanelCall } from "./panel_call.ts";

export interface MeasuredCall {
  call: string;
  /** How many were measured. */
  times: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  goal: number;
  /** The answer to a call that was not answered with rows. */
  problem?: string;
}

/** A call that is slow is not made any more after this time; milliseconds. */
const LONGEST = 20_000;

/**
 * Makes a call so many times, each with its own input. A tenth of it more comes before, unmeasured: connections prepare
 * their statements.
 *
 * @param token an administrator's
 */
export async function measureCall(
  url: string,
  token: string,
  call: PanelCall,
  times: number,
): Promise<MeasuredCall> {
  const send = async (input: unknown) => {
    const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const began = performance.now();
    const response = await fetch(`${url}/trpc/${call.procedure}${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    return { ok: response.ok, text, milliseconds: performance.now() - began };
  };
  const taken: number[] = [];
  let problem: string | undefined;
  const until = performance.now() + LONGEST;
  for (let n = -Math.floor(times / 10); n < times && (taken.length === 0 || performance.now() < until); n++) {
    let input = call.input(Math.abs(n));
    if (call.isNextPage) {
      const first = await send(input);
      if (!first.ok) problem ??= first.text.slice(0, 300);
      const next = JSON.parse(first.text).result?.data.next;
      input = { ...(input as object), ...(next ? { cursor: next } : {}) };
    }
    const { ok, text, milliseconds } = await send(input);
    if (!ok) problem ??= `${JSON.stringify(input)}: ${text.slice(0, 300)}`;
    if (n >= 0) taken.push(milliseconds);
  }
  const rounded = (percent: number) => Math.round(percentile(taken, percent) * 10) / 10;
  return {
    call: [call.procedure, call.name].filter(Boolean).join(", "),
    times: taken.length,
    p50: rounded(50),
    p99: rounded(99),
    goal: call.goal,
    ...(problem ? { problem } : {}),
  };
}
