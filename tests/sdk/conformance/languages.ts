// The client libraries: what each needs on the machine, how its conformance program is built and started, and its native tests.

export interface Language {
  name: string;
  /** From the root; commands run in it. */
  folder: string;
  /** Commands that succeed where the tools are there, run in the root. */
  tools: string[][];
  /** Installs the tools under Debian. */
  install: string;
  /** Commands before the program can be started. */
  build: string[][];
  /** Starts the conformance program. */
  start: string[];
  /** Commands that run the native tests. */
  tests: string[][];
}

export const languages: Language[] = [
  {
    name: "TypeScript",
    folder: "sdk/typescript",
    tools: [],
    install: "",
    build: [],
    start: [
      Deno.execPath(),
      "run",
      "-A",
      "--quiet",
      "--no-check",
      "--config=../../deno.json",
      "conformance/main.mjs",
    ],
    // They are in tests/sdk, a part of `deno task test`.
    tests: [],
  },
  {
    name: "Python",
    folder: "sdk/python",
    tools: [["python3", "-c", "import cryptography"]],
    install: "apt-get install -y --no-install-recommends python3 python3-cryptography",
    build: [],
    start: ["python3", "-B", "conformance/main.py"],
    tests: [[
      "env",
      "PYTHONPATH=src",
      "python3",
      "-B",
      "-m",
      "unittest",
      "discover",
      "--start-directory=tests",
      "--pattern=*_test.py",
    ]],
  },
  {
    name: "Java",
    folder: "sdk/java",
    tools: [["javac", "--release", "17", "--version"], [
      "test",
      "-e",
      "/usr/share/java/junit-platform-console.jar",
    ]],
    install: "apt-get install -y --no-install-recommends openjdk-17-jdk-headless junit5",
    build: [["conformance/build.sh"]],
    start: [
      "java",
      "-Xmx256m",
      "-XX:+UseSerialGC",
      "-cp",
      "target/classes:target/conformance",
      "Conformance",
    ],
    tests: [["./build.sh", "test"], ["./build.sh", "docs"]],
  },
  {
    name: "C",
    folder: "sdk/c",
    tools: [["cmake", "--version"], ["cc", "--version"], [
      "pkg-config",
      "--exists",
      "libcrypto",
      "zlib",
      "libcurl",
    ]],
    install:
      "apt-get install -y --no-install-recommends cmake gcc g++ make pkg-config libssl-dev zlib1g-dev libcurl4-openssl-dev",
    build: [
      ["cmake", "-S", ".", "-B", "build", "-DLATCHKEY_CONFORMANCE=ON", "-DLATCHKEY_TESTS=ON"],
      ["cmake", "--build", "build", "--parallel", "2"],
    ],
    start: ["build/latchkey_conformance"],
    tests: [["ctest", "--test-dir", "build", "--output-on-failure"]],
  },
  {
    name: "Rust",
    folder: "sdk/rust",
    tools: [["cargo", "--version"], ["cc", "--version"], ["pkg-config", "libcurl", "libcrypto", "zlib"]],
    install:
      "Rust 1.95, see rustup.rs; apt-get install gcc pkg-config libssl-dev libcurl4-openssl-dev zlib1g-dev",
    build: [["cargo", "build", "--offline", "--release", "--examples"]],
    start: ["target/release/examples/conformance"],
    tests: [["cargo", "test", "--offline"]],
  },
  {
    name: "C#",
    folder: "sdk/csharp",
    tools: [["mcs", "--version"], ["nunit-console", "-help"], ["cmake", "--version"], [
      "pkg-config",
      "libcurl",
      "libcrypto",
      "zlib",
    ]],
    install:
      "apt-get install mono-mcs mono-runtime nunit-console libnunit-cil-dev gcc make cmake pkg-config libssl-dev libcurl4-openssl-dev zlib1g-dev",
    build: [["make", "conformance"]],
    start: ["mono", "bin/conformance.exe"],
    tests: [["make", "test"]],
  },
  {
    name: "Go",
    folder: "sdk/go",
    tools: [["go", "version"]],
    install: "apt-get install -y --no-install-recommends golang-go",
    build: [["go", "build", "-trimpath", "-o", "build/conformance", "./conformance"]],
    start: ["build/conformance"],
    tests: [["go", "vet", "./..."], ["go", "test", "./..."]],
  },
];

/** Whether the tools of a language are there. */
export async function isThere({ tools }: Language): Promise<boolean> {
  for (const [program, ...args] of tools) {
    const found = await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()
      .then(({ success }) => success, () => false);
    if (!found) return false;
  }
  return true;
}
