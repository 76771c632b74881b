// Neither the answer nor its time says whether an address has an account: sign-ins with a wrong password, and requests for
// links. Known and unknown addresses alternate, so that both meet the same load.
import { createUser } from "../../../server/domain/accounts/users.ts";
import { makeAdministrator, withoutLimits } from "../accounts.ts";
import type { TortureRow } from "../row.ts";
import { startSystem } from "../system.ts";

/** How far the medians may differ. */
const MAX_DIFFERENCE = 0.1;
/** Requests for links take a millisecond: so many more of them are needed for a median. */
const MORE_LINKS = 4;

const calls: Record<string, { path: string; body(email: string): unknown }> = {
  "sign-in of administrators": {
    path: "/api/admin/login",
    body: (email) => ({ email, password: "not the password" }),
  },
  "sign-in of users": {
    path: "/api/v2/auth/login",
    body: (email) => ({ email, password: "not the password", device_id: "one" }),
  },
  "link of users": { path: "/api/v2/auth/magic-link/request", body: (email) => ({ email }) },
  "password link of administrators": {
    path: "/trpc/account.requestPasswordLink",
    body: (email) => ({ email }),
  },
};

export const row: TortureRow = {
  fault: "unknown and known address, wrong password: 500 each",
  reach: "equal answers, medians within 10 %",
  coveredBy: ["tests/rest/sign_in_test.ts", "tests/rest/administrator_links_test.ts"],
  async run(size) {
    const count = size === "full" ? 500 : 20;
    const system = await startSystem(size);
    try {
      const administrator = await makeAdministrator(system);
      const user = await createUser(await system.ctx(), { email: "user@torture.example", name: "User" });
      const { url } = await system.startServer({ env: withoutLimits });
      const figures: Record<string, number | string> = {};
      let held = true;
      for (const [name, { path, body }] of Object.entries(calls)) {
        const known = name.endsWith("administrators") ? administrator.email : user.email;
        const times = { known: [] as number[], unknown: [] as number[] };
        const answers = new Set<string>();
        const send = async (email: string) => {
          const began = performance.now();
          const response = await fetch(url + path, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body(email)),
          });
          const text = await response.text();
          answers.add(`${response.status} ${text}`);
          return performance.now() - began;
        };
        const isLink = name.includes("link");
        // The first calls compile and connect; those of a millisecond get quicker for longer.
        for (let n = 0; n < (isLink ? 200 : 10); n++) await send(n % 2 === 0 ? known : "new@torture.example");
        answers.clear();
        for (let n = 0; n < count * (isLink ? MORE_LINKS : 1); n++) {
          // Which one is first changes, because the second of two requests finds a warmer server.
          if (n % 2 === 0) times.known.push(await send(known));
          times.unknown.push(await send(`unknown${n}@torture.example`));
          if (n % 2 === 1) times.known.push(await send(known));
        }
        const [a, b] = [median(times.known), median(times.unknown)];
        const difference = Math.abs(a - b) / Math.min(a, b);
        held &&= answers.size === 1 && difference <= MAX_DIFFERENCE;
        figures[`${name}: median ms, known and unknown`] = `${a.toFixed(2)} and ${b.toFixed(2)}`;
        figures[`${name}: difference %`] = (difference * 100).toFixed(1);
        figures[`${name}: different answers`] = answers.size;
      }
      return { held, figures };
    } finally {
      await system.stop();
    }
  },
};

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
