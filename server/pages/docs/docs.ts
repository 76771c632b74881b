// The documentation below /docs: the API reference, generated from the description of the API, the guides of docs/ and the client libraries.
import { lazy } from "../../domain/lazy.ts";
import { cleanLine } from "../../domain/text.ts";
import type { App } from "../../request/app.ts";
import type { Answer } from "../../request/endpoint.ts";
import { consumeAll } from "../../request/endpoint_steps.ts";
import { documentedForm } from "../../request/error_form.ts";
import { listOf } from "../../request/limits.ts";
import { pathOf } from "../../request/paths.ts";
import { compileHandler } from "../../request/pipeline.ts";
import type { RequestContext } from "../../request/request_context.ts";
import { RequestError } from "../../request/request_error.ts";
import type { AppServices } from "../../request/services.ts";
import { answerStaticFile, type StaticFile } from "../static_file.ts";
import type { DocsSite, SiteOptions } from "./site.ts";

const PATH = "/docs";
const MAX_QUERY = 100;

// What renders pages takes some 10 MB of memory, and most processes render none.
const loadSite = lazy(() => import("./site.ts"));

/** Mounts every page. */
export function mountDocs(
  app: App,
  services: AppServices,
  options: Pick<SiteOptions, "describe" | "tagGroups">,
): void {
  const limits = listOf(services.limits.public);
  let opened: DocsSite | undefined;
  const open = async () => {
    const { createSite } = await loadSite();
    return opened ??= createSite({
      ...options,
      limits: services.limits,
      publicUrl: services.site.publicUrl,
    });
  };
  const handle = compileHandler(services, documentedForm, PATH, async (request) => {
    const path = pathOf(request.raw);
    const isRead = ["GET", "HEAD", "QUERY"].includes(request.raw.method);
    // A page counts, and what it loads with it does not.
    const asset = isRead ? (await open()).findAsset(path) : null;
    if (asset) return answer(asset, request);
    await consumeAll(request, limits, request.address);
    if (!isRead) return refuseMethod(request);
    const site = await open();
    if (path === `${PATH}/search`) return answer(site.search(queryOf(request)), request);
    const page = site.find(path);
    if (page) return answer(page, request);
    if (!request.raw.headers.get("accept")?.includes("text/html")) throw new RequestError("NOT_FOUND");
    return { ...answerStaticFile(site.notFound(), request.raw), status: 404 };
  });
  for (const path of [PATH, `${PATH}/*`]) app.all(path, handle);
}

function refuseMethod(request: RequestContext): Answer {
  const error = new RequestError("METHOD_NOT_ALLOWED");
  request.errorCode = error.code;
  return { ...documentedForm.errorResponse(error), headers: { allow: "GET, HEAD" } };
}

function queryOf({ raw }: RequestContext): string {
  return cleanLine(new URL(raw.url).searchParams.get("q") ?? "", MAX_QUERY);
}

function answer(file: StaticFile, { raw }: RequestContext): Answer {
  const { etag } = file.headers;
  return etag && raw.headers.get("if-none-match") === etag
    ? { status: 304, body: null, headers: file.headers }
    : answerStaticFile(file, raw);
}
