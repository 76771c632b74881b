// `deno task sbom > sbom.cdx.json`: the software bill of materials of this version, in CycloneDX 1.6.
import { writeSbom } from "./sbom.ts";

await Deno.stdout.write(new TextEncoder().encode(await writeSbom()));
