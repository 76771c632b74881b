// Runs code samples without a network, and returns what each of them would have sent; compiles those of other languages.
import assert from "node:assert/strict";
import { join } from "node:path";
import typescript from "typescript";
import { isInstalled } from "./run_guide.ts";

export interface SentRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** JSON, the text of a file without its last line break, or null. */
  body: unknown;
}

async function run(program: string, args: string[], input: string, cwd?: string): Promise<string> {
  const child = new Deno.Command(program, { args, cwd, stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** In bash, with a function in the place of curl that prints its arguments and its input. */
export async function runCurl(samples: string[]): Promise<SentRequest[]> {
  const head = `set -eu
curl() {
  printf '%s\\0' "$@"
  case " $* " in *" @- "*) cat; printf '\\0' ;; esac
  printf '\\0\\0'
}
`;
  const output = await run("bash", [], head + samples.join("\n") + "\n");
  return output.split("\0\0\0").slice(0, -1).map(readArguments);
}

function readArguments(text: string): SentRequest {
  const sent: SentRequest = { method: "GET", url: "", headers: {}, body: null };
  const parts = text.split("\0");
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    if (part === "--request") sent.method = parts.shift()!;
    else if (part === "--data") sent.body = JSON.parse(parts.shift()!);
    else if (part === "--data-binary") {
      assert.equal(parts.shift(), "@-");
      sent.body = parts.shift()!.trimEnd();
    } else if (part === "--header") {
      const [name, value] = parts.shift()!.split(/: (.*)/);
      sent.headers[name] = value;
    } else {
      assert.match(part, /^https:/);
      sent.url = part;
    }
  }
  return sent;
}

/** Compiled by TypeScript without a syntax error, and with a function in the place of fetch. */
export async function runTypescript(samples: string[]): Promise<SentRequest[]> {
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  const sent: SentRequest[] = [];
  for (const sample of samples) {
    const { outputText, diagnostics = [] } = typescript.transpileModule(sample, {
      reportDiagnostics: true,
      compilerOptions: { target: typescript.ScriptTarget.ESNext, module: typescript.ModuleKind.ESNext },
    });
    assert.deepEqual(diagnostics.map(({ messageText }) => messageText), [], sample);
    const fetch = (url: string, { method = "GET", headers = {}, body }: RequestInit = {}) => {
      const text = typeof body === "string" ? body : null;
      const given = headers as Record<string, string>;
      const isJson = given["Content-Type"] === "application/json";
      sent.push({
        method,
        url,
        headers: given,
        body: text && isJson ? JSON.parse(text) : text && text.trimEnd(),
      });
      return Promise.resolve({
        status: 200,
        json: () => Promise.resolve({}),
        text: () => Promise.resolve(""),
      });
    };
    await new AsyncFunction("fetch", "console", outputText)(fetch, { log: () => {} });
  }
  return sent;
}

const pythonProgram = `
import json, sys, types

sent = []

class Response:
    status_code = 200
    text = ""
    def json(self):
        return {}

def record(method):
    def send(url, headers={}, json=None, data=None, timeout=None):
        assert timeout
        body = json if data is None else data.decode().rstrip()
        sent.append({"method": method.upper(), "url": url, "headers": headers, "body": body})
        return Response()
    return send

requests = types.ModuleType("requests")
for method in ["get", "post", "patch", "delete"]:
    setattr(requests, method, record(method))
sys.modules["requests"] = requests
for sample in json.load(sys.stdin):
    exec(compile(sample, "sample", "exec"), {"print": lambda *_: None})
json.dump(sent, sys.stdout)
`;

/** With a module in the place of requests; null where the machine has no Python. */
export async function runPython(samples: string[]): Promise<SentRequest[] | null> {
  try {
    return JSON.parse(await run("python3", ["-c", pythonProgram], JSON.stringify(samples)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Compiles programs in Java as one, or in Go each as a package of its own; nothing where the compiler is not installed. */
export async function compileSamples(language: "java" | "go", samples: string[]): Promise<void> {
  if (!isInstalled(language === "java" ? "javac" : "go")) return;
  const folder = await Deno.makeTempDir();
  try {
    if (language === "java") {
      const files = samples.map((_, index) => `Example${index}.java`);
      for (const [index, sample] of samples.entries()) {
        const text = sample.replace("class Example ", `class Example${index} `);
        await Deno.writeTextFile(join(folder, files[index]), text);
      }
      await run("javac", ["-Xlint:all", "-Werror", ...files], "", folder);
      return;
    }
    await Deno.writeTextFile(join(folder, "go.mod"), "module samples\n");
    for (const [index, sample] of samples.entries()) {
      await Deno.mkdir(join(folder, `example${index}`));
      await Deno.writeTextFile(join(folder, `example${index}/main.go`), sample);
    }
    await run("go", ["vet", "./..."], "", folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
