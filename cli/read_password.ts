// Reading a password for a command.

/** Reads a password; without echo when standard input is a terminal. */
export async function readPassword(): Promise<string> {
  if (!Deno.stdin.isTerminal()) {
    return (await new Response(Deno.stdin.readable).text()).replace(/\r?\n$/, "");
  }
  console.log("Password (at least 8 characters):");
  Deno.stdin.setRaw(true);
  let typed = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64);
  try {
    while (true) {
      const read = await Deno.stdin.read(buffer);
      for (const key of decoder.decode(buffer.subarray(0, read ?? 0), { stream: true })) {
        if (key === "\r" || key === "\n") return typed;
        if (key === "\x03") Deno.exit(130);
        typed = key === "\x7f" ? typed.slice(0, -1) : typed + key;
      }
      if (read === null) return typed;
    }
  } finally {
    Deno.stdin.setRaw(false);
  }
}
