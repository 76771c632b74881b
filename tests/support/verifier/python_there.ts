// Whether the verifier in Python can run here.

/** Whether the machine has Python with its package `cryptography`. */
export const isPythonThere = await new Deno.Command("python3", {
  args: ["-c", "import cryptography"],
  stderr: "null",
}).output().then(({ success }) => success, () => false);
