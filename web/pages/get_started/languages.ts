// An API call as code: curl and programming languages.

export interface Call {
  url: string;
  apiKey: string;
  body: Record<string, string>;
}

/** A single-quoted shell string. */
const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
/** A double-quoted string; JSON's escapes are valid in JavaScript, Python and C#. */
const quoted = (text: string) => JSON.stringify(text);
const fields = (body: Call["body"], write: (name: string, value: string) => string) =>
  Object.entries(body).map(([name, value]) => write(name, value)).join(",\n");

export const languages: { id: string; title: string; write(call: Call): string }[] = [
  {
    id: "curl",
    title: "curl",
    write: ({ url, apiKey, body }) =>
      `curl ${shell(url)} \\
  -H ${shell(`X-API-Key: ${apiKey}`)} -H 'Content-Type: application/json' \\
  -d ${shell(JSON.stringify(body, null, 2))}`,
  },
  {
    id: "javascript",
    title: "JavaScript",
    write: ({ url, apiKey, body }) =>
      `const response = await fetch(${quoted(url)}, {
  method: "POST",
  headers: { "X-API-Key": ${quoted(apiKey)}, "Content-Type": "application/json" },
  body: JSON.stringify({
${fields(body, (name, value) => `    ${name}: ${quoted(value)}`)},
  }),
});
console.log(await response.json());`,
  },
  {
    id: "python",
    title: "Python",
    write: ({ url, apiKey, body }) =>
      `import requests

response = requests.post(
    ${quoted(url)},
    headers={"X-API-Key": ${quoted(apiKey)}},
    json={
${fields(body, (name, value) => `        ${quoted(name)}: ${quoted(value)}`)},
    },
)
print(response.json())`,
  },
  {
    id: "csharp",
    title: "C#",
    write: ({ url, apiKey, body }) =>
      `using System.Net.Http.Json;

using var http = new HttpClient();
http.DefaultRequestHeaders.Add("X-API-Key", ${quoted(apiKey)});
var response = await http.PostAsJsonAsync(${quoted(url)}, new
{
${fields(body, (name, value) => `    ${name} = ${quoted(value)}`)},
});
Console.WriteLine(await response.Content.ReadAsStringAsync());`,
  },
];
