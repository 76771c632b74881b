// Objects by what people have at hand: an id, a license key, an email address, a code.
import type { Api, Json } from "./api.ts";
import { CommandError } from "./exit_codes.ts";
import { type NounName, nouns } from "./nouns.ts";

const isId = (text: string) => /^[1-9]\d{0,15}$/.test(text);
/** As people paste it: without blanks and hyphens, in capitals. */
const plain = (text: string) => text.normalize("NFKC").replaceAll(/[\s-]+/g, "").toUpperCase();

/**
 * The id of the object that a text names.
 *
 * @param scope filters of the list, such as the product of a plan
 * @throws CommandError when there is none, or more than one
 */
export async function findId(api: Api, noun: NounName, text: string, scope: object = {}): Promise<number> {
  return isId(text) ? Number(text) : (await findByName(api, noun, text, scope)).id;
}

/** The object itself. */
export async function findOne(api: Api, noun: NounName, text: string): Promise<Json> {
  const { path, isWhole, one } = nouns[noun];
  if (!isWhole) return await api.call("GET", `${path}/${await findId(api, noun, text)}`);
  if (!isId(text)) return await findByName(api, noun, text, {});
  const { rows } = await api.call("GET", path);
  const found = rows.find(({ id }: { id: number }) => id === Number(text));
  if (!found) throw new CommandError("refused", `There is no ${one} ${text}.`, `latchkey ${noun} list`);
  return found;
}

async function findByName(api: Api, noun: NounName, text: string, scope: object): Promise<Json> {
  const { path, names, one, isWhole } = nouns[noun];
  if (names.length === 0) {
    throw new CommandError("wrongUse", `${text} is no id of a ${one}.`, `latchkey ${noun} list`);
  }
  // `motion/yearly`: the plan of this code of the product of that one.
  const [, product, plan] = noun === "plans" ? text.match(/^([^/]+)\/(.+)$/) ?? [] : [];
  const query = product ? { ...scope, product_id: await findId(api, "products", product) } : scope;
  const name = plan ?? text;
  const { rows } = await api.call("GET", path, { query: isWhole ? {} : { q: name, limit: 200, ...query } });
  for (const field of names) {
    const found = rows.filter((row: Json) =>
      typeof row[field] === "string" && plain(row[field]) === plain(name)
    );
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      const ids = found.slice(0, 10).map(({ id }: { id: number }) => id).join(", ");
      throw new CommandError(
        "refused",
        `${found.length} ${noun} have the ${field} ${name}.`,
        `Use an id: ${ids}`,
      );
    }
  }
  throw new CommandError(
    "refused",
    `There is no ${one} with the ${names.join(" or ")} ${name}.`,
    `latchkey ${noun} list`,
  );
}
