// Whether Node and npm are installed, with which the TypeScript library is packed and installed.

export const isNpmThere = ["node", "npm"].every((program) => {
  try {
    return new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
});
