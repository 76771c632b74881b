// The environment of the command line: read once, at the start, because commands that call a server over the network give
// up reading it.

const names = [
  "LATCHKEY_URL",
  "LATCHKEY_TOKEN",
  "XDG_CONFIG_HOME",
  "HOME",
  "APPDATA",
  "INIT_CWD",
  "NO_COLOR",
  "TERM",
] as const;

/** The variables that are set and not empty. */
export const environment: Partial<Record<typeof names[number], string>> = Object.fromEntries(
  names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value ? [[name, value]] : [];
  }),
);
