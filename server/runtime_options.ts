// How Deno runs servers and workers: the size of V8's heap, and how often sockets are looked at. The tasks in `deno.json` and
// whatever else starts one have the same.

/**
 * The option of `deno run` for the heap. The defaults let garbage of requests grow to twice the memory in use before it is
 * collected: under load 317 MB of resident memory instead of 209, for the same CPU time a request.
 */
export const heapFlags = "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=100";

/**
 * The environment of the event loop. While there is always something to do, Deno asks the system for new data of sockets after
 * every 61 turns only: beside one that receives a long body, which takes a millisecond a turn, all others waited for 60 ms.
 */
export const eventLoopVariables = { DENO_TOKIO_EVENT_INTERVAL: "4" };
