// `deno task openapi`: writes the API description to openapi.json, which tests/contract/openapi_test.ts compares. A
// change that breaks clients is written only with --breaking.
import { describeServer } from "../server/api_description.ts";
import { breakingChanges } from "./api_changes.ts";

const file = new URL("../openapi.json", import.meta.url);
const described = describeServer();
const committed = await Deno.readTextFile(file).catch(() => null);
const changes = committed === null ? [] : breakingChanges(JSON.parse(committed), described);
if (changes.length > 0 && !Deno.args.includes("--breaking")) {
  console.error(`These changes break clients:\n${changes.map((change) => `  ${change}`).join("\n")}`);
  console.error("Keep what clients use, or run `deno task openapi --breaking`.");
  Deno.exit(1);
}
await Deno.writeTextFile(file, `${JSON.stringify(described, null, 2)}\n`);
