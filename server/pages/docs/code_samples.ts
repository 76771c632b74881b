// A request as code: curl, TypeScript, Python, C#, Java and Go, each complete as it stands and with nothing to install but,
// for Python, requests. See docs/decisions for why no library writes them.
import { pythonLiteral, typescriptLiteral } from "./literals.ts";

/** A request to show. */
export interface SampleRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** JSON, or the text of a file; absent: none. */
  body?: { json: unknown } | { text: string };
  /** Whether the answer is JSON. */
  answersJson: boolean;
}

export interface SampleLanguage {
  id: string;
  title: string;
  /** The name of its syntax, for highlighting. */
  syntax: string;
  write(request: SampleRequest): string;
}

export const languages: SampleLanguage[] = [
  { id: "curl", title: "curl", syntax: "bash", write: writeCurl },
  { id: "typescript", title: "TypeScript", syntax: "typescript", write: writeTypescript },
  { id: "python", title: "Python", syntax: "python", write: writePython },
  { id: "csharp", title: "C#", syntax: "csharp", write: writeCsharp },
  { id: "java", title: "Java", syntax: "java", write: writeJava },
  { id: "go", title: "Go", syntax: "go", write: writeGo },
];

/** The body as it is sent, JSON over several lines. */
function bodyText({ body }: SampleRequest): string | null {
  if (!body) return null;
  return "json" in body ? JSON.stringify(body.json, null, 2) : body.text;
}

function indent(text: string, by: string): string {
  return text.split("\n").map((line) => line && by + line).join("\n");
}

/** A string of TypeScript, C#, Java and Go. */
const quote = (text: string) => JSON.stringify(text);

function writeCurl(request: SampleRequest): string {
  const { method, url, headers, body } = request;
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const data = !body ? [] : "json" in body
    ? [`--data ${quoted(bodyText(request)!)}`]
    // A file is read as it is.
    : ["--data-binary @- <<'END'"];
  const command = [
    method === "GET" && !body ? "curl" : `curl --request ${method}`,
    quoted(url),
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...data,
  ];
  const [program, address, ...options] = command;
  const lines = [`${program} ${address}`, ...options].join(" \\\n  ");
  return body && "text" in body ? `${lines}\n${body.text.replace(/\n$/, "")}\nEND` : lines;
}

function writeTypescript(request: SampleRequest): string {
  const { url, headers, body, answersJson } = request;
  // The Fetch standard forbids a body with GET.
  const method = request.method === "GET" && body ? "POST" : request.method;
  const options = [
    ...(method === "GET" ? [] : [`method: ${quote(method)},`]),
    ...(Object.keys(headers).length === 0 ? [] : [`headers: ${typescriptLiteral(headers)},`]),
    ...(!body
      ? []
      : "json" in body
      ? [`body: JSON.stringify(${typescriptLiteral(body.json)}),`]
      : [`body: ${quote(body.text)},`]),
  ];
  const remark = method === request.method
    ? ""
    : "// fetch sends no body with GET; this call accepts POST as well.\n";
  const given = options.length === 0 ? "" : `, {\n${indent(options.join("\n"), "  ")}\n}`;
  return `${remark}const response = await fetch(${quote(url)}${given});
console.log(response.status, await response.${answersJson ? "json" : "text"}());`;
}

function writePython(request: SampleRequest): string {
  const { method, url, headers, body, answersJson } = request;
  const given = [
    `${quote(url)},`,
    ...(Object.keys(headers).length === 0 ? [] : [`headers=${pythonLiteral(headers)},`]),
    ...(!body
      ? []
      : "json" in body
      ? [`json=${pythonLiteral(body.json)},`]
      : [`data=${pythonLiteral(body.text)}.encode(),`]),
    "timeout=10,",
  ];
  return `import requests

response = requests.${method.toLowerCase()}(
${indent(given.join("\n"), "    ")}
)
print(response.status_code, response.${answersJson ? "json()" : "text"})`;
}

/** The type of a body; the languages below set it with the body or beside it. */
const CONTENT_TYPE = "Content-Type";

function writeCsharp(request: SampleRequest): string {
  const { method, url, headers } = request;
  const text = bodyText(request);
  const name = method.charAt(0) + method.slice(1).toLowerCase();
  const lines = Object.entries(headers).filter(([name]) => name !== CONTENT_TYPE).map(([name, value]) =>
    `request.Headers.Add(${quote(name)}, ${quote(value)});`
  );
  if (text !== null) {
    const raw = `"""\n${indent(text.replace(/\n$/, ""), "    ")}\n    """`;
    lines.push(
      `request.Content = new StringContent(${raw}, Encoding.UTF8, ${quote(headers[CONTENT_TYPE])});`,
    );
  }
  return `using System.Text;

using var client = new HttpClient();
using var request = new HttpRequestMessage(HttpMethod.${name}, ${quote(url)});
${lines.map((line) => `${line}\n`).join("")}
using var response = await client.SendAsync(request);
Console.WriteLine((int)response.StatusCode);
Console.WriteLine(await response.Content.ReadAsStringAsync());`;
}

function writeJava(request: SampleRequest): string {
  const { method, url, headers } = request;
  const text = bodyText(request);
  // A text block ends its lines itself; backslashes begin an escape in it.
  const block = text === null
    ? ""
    : `String body = """\n${indent(text.replace(/\n$/, "").replaceAll("\\", "\\\\"), "    ")}\n    """;\n`;
  const publisher = text === null ? "noBody()" : "ofString(body)";
  const calls = [
    ...Object.entries(headers).map(([name, value]) => `.header(${quote(name)}, ${quote(value)})`),
    `.method(${quote(method)}, HttpRequest.BodyPublishers.${publisher})`,
    ".build();",
  ];
  const main = `${block}HttpRequest request = HttpRequest.newBuilder(URI.create(${quote(url)}))
${indent(calls.join("\n"), "    ")}
HttpResponse<String> response = HttpClient.newHttpClient()
    .send(request, HttpResponse.BodyHandlers.ofString());
System.out.println(response.statusCode() + " " + response.body());`;
  return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Example {
    public static void main(String[] args) throws Exception {
${indent(main, "        ")}
    }
}`;
}

function writeGo(request: SampleRequest): string {
  const { method, url, headers } = request;
  const text = bodyText(request);
  const literal = text === null ? null : text.includes("`") ? quote(text) : `\`${text}\``;
  const imports = ["fmt", "io", "log", "net/http", ...(literal === null ? [] : ["strings"])];
  const lines = [
    ...(literal === null ? [] : [`body := strings.NewReader(${literal})`]),
    `request, err := http.NewRequest(${quote(method)}, ${quote(url)}, ${literal === null ? "nil" : "body"})`,
    "if err != nil {",
    "\tlog.Fatal(err)",
    "}",
    ...Object.entries(headers).map(([name, value]) => `request.Header.Set(${quote(name)}, ${quote(value)})`),
    "",
    "response, err := http.DefaultClient.Do(request)",
    "if err != nil {",
    "\tlog.Fatal(err)",
    "}",
    "defer response.Body.Close()",
    "answer, err := io.ReadAll(response.Body)",
    "if err != nil {",
    "\tlog.Fatal(err)",
    "}",
    "fmt.Println(response.StatusCode, string(answer))",
  ];
  return `package main

import (
${imports.map((name) => `\t${quote(name)}`).join("\n")}
)

func main() {
${lines.map((line) => line && `\t${line}`).join("\n")}
}`;
}
