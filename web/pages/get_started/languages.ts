// A call as a command, and the languages that have a client library, with the folder of each in sdk/.

export interface Call {
  url: string;
  apiKey: string;
  body: Record<string, string>;
}

/** A single-quoted shell string. */
const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The call as curl makes it. */
export function curlOf({ url, apiKey, body }: Call): string {
  return `curl ${shell(url)} \\
  -H ${shell(`X-API-Key: ${apiKey}`)} -H 'Content-Type: application/json' \\
  -d ${shell(JSON.stringify(body, null, 2))}`;
}

export interface Library {
  id: string;
  title: string;
  /** Below sdk/. */
  folder: string;
  /** The language of the fence in the library's README. */
  fence: string;
}

export const libraries: readonly Library[] = [
  { id: "typescript", title: "TypeScript", folder: "typescript", fence: "ts" },
  { id: "c", title: "C", folder: "c", fence: "c" },
  { id: "cpp", title: "C++", folder: "c", fence: "cpp" },
  { id: "python", title: "Python", folder: "python", fence: "python" },
  { id: "java", title: "Java", folder: "java", fence: "java" },
  { id: "csharp", title: "C#", folder: "csharp", fence: "csharp" },
  { id: "go", title: "Go", folder: "go", fence: "go" },
  { id: "rust", title: "Rust", folder: "rust", fence: "rust" },
];
