// Properties over generated input. The suite uses one seed, so that what is checked is the same on every machine and a
// failure is never a matter of luck; PROPERTY_SEED=<number> (or `random`) searches elsewhere.
import fc from "fast-check";

const seed = Deno.env.get("PROPERTY_SEED") ?? "20261125";
if (seed !== "random") fc.configureGlobal({ seed: Number(seed) });

export default fc;
