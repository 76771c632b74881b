// The table of routes: which handler answers a request, by its method and path.
import type { Result } from "hono/router";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";
import { getQueryParam, tryDecodeURIComponent } from "hono/utils/url";
import { pathOf } from "./paths.ts";
import { type Reply, toResponse, withoutBody } from "./reply.ts";
import type { Peer } from "./request_context.ts";

/** What the address of a request contains, read when it is asked for. */
export interface Address {
  params(): Record<string, string>;
  query(): Record<string, string>;
}

export type RouteHandler = (raw: Request, peer: Peer, address: Address) => Reply | Promise<Reply>;

export class App {
  readonly #routes = new SmartRouter<RouteHandler>({ routers: [new RegExpRouter(), new TrieRouter()] });
  /** Paths without parameters, and what was found for them: the search of the router costs more than the rest of it. */
  readonly #fixed = new Set<string>();
  readonly #found = new Map<string, Map<string, Result<RouteHandler>>>();
  #otherwise: RouteHandler = () => ({ status: 404, headers: [], body: null });

  /** @param path with parameters such as `:id`, and `*` at its end for all below */
  on(methods: string[], path: string, handle: RouteHandler): void {
    if (!/[:*]/.test(path)) this.#fixed.add(path);
    for (const method of methods) {
      this.#routes.add(method, path, handle);
      if (!this.#found.has(method)) this.#found.set(method, new Map());
    }
  }

  /** Every method. */
  all(path: string, handle: RouteHandler): void {
    this.on(["ALL"], path, handle);
  }

  /** Requests that no route matches. */
  otherwise(handle: RouteHandler): void {
    this.#otherwise = handle;
  }

  answer(raw: Request, peer: Peer): Reply | Promise<Reply> {
    if (raw.method !== "HEAD") return this.#route(raw, peer, raw.method);
    const reply = this.#route(raw, peer, "GET");
    return reply instanceof Promise ? reply.then(withoutBody) : withoutBody(reply);
  }

  /** The same in the form of the Fetch standard. */
  async fetch(raw: Request, peer: Peer): Promise<Response> {
    return toResponse(await this.answer(raw, peer));
  }

  #route(raw: Request, peer: Peer, method: string): Reply | Promise<Reply> {
    const path = pathOf(raw);
    const known = this.#found.get(method);
    let found = known?.get(path);
    if (!found) {
      found = this.#routes.match(method, path);
      if (this.#fixed.has(path)) known?.set(path, found);
    }
    const handle = found[0].length > 0 ? found[0][0][0] : this.#otherwise;
    return handle(raw, peer, new LazyAddress(raw, found));
  }
}

class LazyAddress implements Address {
  constructor(readonly raw: Request, readonly found: Result<RouteHandler>) {}

  params(): Record<string, string> {
    const [[[, names]], values] = this.found;
    const params: Record<string, string> = {};
    for (const [name, found] of Object.entries(names)) {
      const value = typeof found === "number" ? values![found] : found;
      if (value !== undefined) params[name] = value.includes("%") ? tryDecodeURIComponent(value) : value;
    }
    return params;
  }

  query(): Record<string, string> {
    return getQueryParam(this.raw.url) as Record<string, string>;
  }
}
