// The vendor's side of the trials: one real server for all languages, with a product, licenses and what an administrator does.
import { setLicensesEnabled } from "../../../server/domain/licenses/manage.ts";
import type { NewLicense } from "../../../server/domain/licenses/issue.ts";
import { removeByCode } from "../../../server/domain/license_files/remove.ts";
import { issueRequestedFile } from "../../../server/domain/license_files/requested_file.ts";
import { getStatusList } from "../../../server/domain/license_files/status_list.ts";
import { rotateSigningKey } from "../../../server/domain/signing/rotate.ts";
import { readOfflineRequest } from "../../../server/request/offline_requests.ts";
import { wireFileClaims, wireStatusList } from "../../../server/request/wire_files.ts";
import { makeLicense, makeRelease } from "../../support/fixtures.ts";
import { offlineProduct } from "../../support/license_files.ts";
import { startTestServer, type TestServer } from "../../support/server.ts";
import { Between, type Handler, write } from "./between.ts";

export const PRODUCT = "painter";
export const VERSION = "2.1.0";

export interface License {
  id: number;
  key: string;
}

export class Vendor {
  #number = 0;

  private constructor(
    readonly server: TestServer,
    readonly between: Between,
    /** Another server, to which calls are redirected. */
    readonly elsewhere: Between,
    readonly productId: number,
    readonly publicKeys: unknown[],
  ) {}

  static async start(): Promise<Vendor> {
    const [between, elsewhere] = [await Between.start(), await Between.start()];
    // So status lists are fetched through what is between, too.
    const server = await startTestServer({ PUBLIC_URL: between.url });
    between.real = elsewhere.real = server.url;
    const { product } = await offlineProduct(server, PRODUCT);
    const release = { releaseNotes: "Layers", isMandatory: true };
    await makeRelease(await server.ctx(), product.id, "2.2.0", release);
    return new Vendor(server, between, elsewhere, product.id, await keysOf(server, PRODUCT));
  }

  /** Members of `open` of most clients. */
  get defaults(): Record<string, unknown> {
    return {
      url: this.between.url,
      api_key: this.server.apiKey,
      product: PRODUCT,
      version: VERSION,
      released: "2026-01-15",
      public_keys: this.publicKeys,
      attempts: 1,
      first_delay: 0.01,
      timeout: 10,
      random: "system",
      now: null,
    };
  }

  /** A license that allows license files of 30 days, and two devices. */
  async license(terms: Partial<NewLicense> = {}): Promise<License> {
    const email = `sdk${++this.#number}@example.com`;
    return await makeLicense(await this.server.ctx(), {
      productId: this.productId,
      offlineDays: 30,
      maxActivations: 2,
      customer: { name: "Lumen Ltd", email },
      ...terms,
    });
  }

  /** A product with keys of its own, for trials that rotate them. */
  async product(code: string) {
    const { product } = await offlineProduct(this.server, code);
    return {
      id: product.id,
      keys: () => keysOf(this.server, code),
      rotate: async () => await rotateSigningKey(await this.server.ctx(), { productId: product.id }),
    };
  }

  async setEnabled({ id }: License, enabled: boolean): Promise<void> {
    await setLicensesEnabled(await this.server.ctx(), { ids: [id], enabled });
  }

  /** The license file that an administrator gets for a request. */
  async issue(request: string): Promise<string> {
    const given = { request: readOfflineRequest(request), ttl: null, issuer: this.between.url, userId: null };
    const { file } = await issueRequestedFile(await this.server.ctx(), given, wireFileClaims);
    return file.text;
  }

  /** Enters a removal code. @returns whether a device was deactivated */
  async remove(code: string): Promise<boolean> {
    return (await removeByCode(await this.server.ctx(), { code, userId: null })).isChanged;
  }

  /** The status list of an address as it is at this moment; the server itself may serve one of half a minute ago. */
  async statusList(url: string): Promise<string> {
    const list = new URL(url).pathname.split("/").at(-1)!;
    return (await getStatusList(await this.server.ctx(), { list, url }, wireStatusList)).jws;
  }

  /** Answers requests for status lists with those of this moment, and others so. */
  withLists(handler: Handler): Handler {
    return async (sent, response) => {
      if (sent.method !== "GET") return await handler(sent, response);
      write(response, { text: await this.statusList(this.between.url + sent.path) });
    };
  }

  async stop(): Promise<void> {
    await this.between.stop();
    await this.elsewhere.stop();
    await this.server.stop();
  }
}

async function keysOf(server: TestServer, product: string): Promise<unknown[]> {
  return (await server.get(`/.well-known/jwks/${product}.json`)).body.keys;
}
