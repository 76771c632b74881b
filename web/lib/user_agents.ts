// What browsers and systems are called by people, from what they call themselves.

const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
  [/^Deno\//, "Deno"],
];
const systems: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const find = (names: [RegExp, string][], agent: string) => names.find(([look]) => look.test(agent))?.[1];

/** "Firefox on Linux"; what nobody knows is left as it is. */
export function describeUserAgent(agent: string): string {
  const browser = find(browsers, agent);
  const system = find(systems, agent);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? agent;
}

/** What this machine may be called. */
export function thisDeviceName(): string {
  return find(systems, navigator.userAgent) ?? "This device";
}
