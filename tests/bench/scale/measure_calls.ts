// Calls of the panel, one after the other, over HTTP.
import { percentile } from "../measure.ts";
import { pageInput, type PanelCall } from "./panel_call.ts";

export interface MeasuredCall {
  call: string;
  /** How many were measured. */
  times: number;
  /** Milliseconds of the very first call, which may read from the disk and plans its statements; it is not one of the measured. */
  first: number;
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
  let first: number | undefined;
  let problem: string | undefined;
  const until = performance.now() + LONGEST;
  for (
    let n = -Math.max(Math.floor(times / 10), 1);
    n < times && (taken.length === 0 || performance.now() < until);
    n++
  ) {
    const input = await pageInput(call, call.input(Math.abs(n)), async (input) => {
      const { ok, text } = await send(input);
      if (!ok) problem ??= text.slice(0, 300);
      return JSON.parse(text).result?.data ?? {};
    });
    const { ok, text, milliseconds } = await send(input);
    if (!ok) problem ??= `${JSON.stringify(input)}: ${text.slice(0, 300)}`;
    first ??= milliseconds;
    if (n >= 0) taken.push(milliseconds);
  }
  const rounded = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
  return {
    call: [call.procedure, call.name].filter(Boolean).join(", "),
    times: taken.length,
    first: rounded(first ?? 0),
    p50: rounded(percentile(taken, 50)),
    p99: rounded(percentile(taken, 99)),
    goal: call.goal,
    ...(problem ? { problem } : {}),
  };
}
