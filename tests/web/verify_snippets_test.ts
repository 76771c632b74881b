// The receivers that the panel shows are started as their readers would start them, and are sent requests signed by us.
import assert from "node:assert/strict";
import { createSigner, generateSecret } from "../../server/domain/webhooks/sign.ts";
import { snippets } from "../../web/pages/webhooks/verify_snippets.ts";
import { isInstalled } from "../support/run_guide.ts";
import { eventually, test } from "../support/test.ts";

const folder = await Deno.makeTempDir();
const port = freePort();

interface Program {
  file: string;
  /** What is not installed on every machine. */
  needs?: string;
  build?(file: string): string[];
  run(file: string): string[];
}

/** How a program is started. */
const programs: Record<string, Program> = {
  typescript: {
    file: "receiver.ts",
    run: (file) => [Deno.execPath(), "run", "-A", "--quiet", "--no-check", "--config", "deno.json", file],
  },
  python: { file: "receiver.py", needs: "python3", run: (file) => ["python3", file] },
  java: { file: "Receiver.java", needs: "java", run: (file) => ["java", file] },
  go: {
    file: "receiver.go",
    needs: "go",
    // What `go run` starts would outlive it.
    build: (file) => ["go", "build", "-o", `${folder}/receiver`, file],
    run: () => [`${folder}/receiver`],
  },
  php: {
    file: "receiver.php",
    needs: "php",
    run: (file) => ["php", "-S", `127.0.0.1:${port}`, file],
  },
};

const started = snippets.flatMap((snippet) => {
  const program = programs[snippet.id];
  return program && (!program.needs || isInstalled(program.needs)) ? [{ snippet, program }] : [];
});

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

async function run([command, ...args]: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

for (const { snippet, program } of started) {
  test(`the receiver in ${snippet.language} takes what is signed, and nothing else`, async () => {
    const file = `${folder}/${program.file}`;
    await Deno.writeTextFile(file, snippet.code);
    const secret = generateSecret();
    if (program.build) await run(program.build(file));
    const [command, ...args] = program.run(file);
    const child = new Deno.Command(command, {
      args,
      env: { WEBHOOK_SECRET: secret, PORT: String(port) },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const post = async (body: string, headers: Record<string, string>) => {
      const response = await fetch(`http://127.0.0.1:${port}/webhooks`, { method: "POST", body, headers });
      await response.body?.cancel();
      return response.status;
    };
    try {
      await eventually(
        () => fetch(`http://127.0.0.1:${port}`).then((r) => r.text().then(() => true), () => false),
        30_000,
      );
      const body = '{"event":"license.activated","data":{"name":"Zoë’s"}}';
      const signed = (secrets: string[], at = new Date()) => createSigner(secrets)({ id: "evt_1", at, body });
      assert.equal(await post(body, signed([secret])), 204, "what is signed");
      assert.equal(await post(body, signed([generateSecret(), secret])), 204, "while a secret is rotated");
      assert.equal(await post(body, signed([generateSecret()])), 400, "another's secret");
      assert.equal(await post(body.replace("Zoë", "Zoe"), signed([secret])), 400, "another body");
      const old = new Date(Date.now() - 600_000);
      assert.equal(await post(body, signed([secret], old)), 400, "an old request");
      assert.equal(await post(body, {}), 400, "no signature at all");
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  });
}

test("at least the receiver in TypeScript was started", async () => {
  assert.ok(started.some(({ snippet }) => snippet.id === "typescript"));
  assert.deepEqual(snippets.map(({ language }) => language), [
    "TypeScript",
    "Python",
    "PHP",
    "Java",
    "Go",
    "C#",
  ]);
  await Deno.remove(folder, { recursive: true });
});
