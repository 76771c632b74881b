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
  /** The README's lines as programs; those of TypeScript and Python are run by tests of their own. */
  readme?: ReadmeProgram[];
}

/** How the lines of a README become a program and run, as the README says it. */
export interface ReadmeProgram {
  /** The id in the panel's list of libraries. */
  id: string;
  /** Where the lines are saved in a new folder. */
  file: string;
  /** A script of sh in the folder of the language, which leaves `$FOLDER/run`. `$FOLDER` is the new folder. */
  build: string;
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
    readme: [{
      id: "java",
      file: "MyApp.java",
      build: `./build.sh
        javac -d "$FOLDER" -cp target/classes "$FOLDER/MyApp.java"
        echo 'exec java -Xmx256m -cp "'$PWD/target/classes:$FOLDER'" MyApp' > "$FOLDER/run"`,
    }],
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
    readme: [["c", "app.c", "cc -std=c11"], ["cpp", "app.cpp", "c++ -std=c++17"]].map((
      [id, file, compile],
    ) => ({
      id,
      file,
      build: `cmake --install build --prefix "$FOLDER/installed" > /dev/null
        export PKG_CONFIG_PATH=$(dirname "$(find "$FOLDER/installed" -name latchkey.pc)")
        ${compile} -Wall -Wextra -Werror "$FOLDER/${file}" -o "$FOLDER/app" $(pkg-config --cflags --libs latchkey)
        echo "LD_LIBRARY_PATH=$(pkg-config --variable=libdir latchkey) exec '$FOLDER/app' \\"\\$@\\"" > "$FOLDER/run"`,
    })),
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
    readme: [{
      id: "rust",
      file: "src/main.rs",
      build: `cat > "$FOLDER/Cargo.toml" <<END
[package]
name = "app"
version = "1.0.0"
edition = "2021"

[dependencies]
latchkey = { path = "$PWD" }
END
        cargo build --quiet --offline --release --manifest-path "$FOLDER/Cargo.toml" --target-dir target
        echo "exec '$PWD/target/release/app'" > "$FOLDER/run"`,
    }],
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
    readme: [{
      id: "csharp",
      file: "Program.cs",
      build: `make > /dev/null
        cp bin/Latchkey.dll bin/liblatchkey.so "$FOLDER"
        mcs -out:"$FOLDER/Program.exe" -r:bin/Latchkey.dll "$FOLDER/Program.cs"
        echo "exec mono '$FOLDER/Program.exe'" > "$FOLDER/run"`,
    }],
  },
  {
    name: "Go",
    folder: "sdk/go",
    tools: [["go", "version"]],
    install: "apt-get install -y --no-install-recommends golang-go",
    build: [["go", "build", "-trimpath", "-o", "build/conformance", "./conformance"]],
    start: ["build/conformance"],
    tests: [["go", "vet", "./..."], ["go", "test", "./..."]],
    readme: [{
      id: "go",
      file: "main.go",
      build: `library=$PWD
        cd "$FOLDER"
        go mod init app 2> /dev/null
        go mod edit -require latchkey.example/latchkey@v0.9.0 -replace "latchkey.example/latchkey=$library"
        go build -o app .
        echo "exec '$FOLDER/app'" > run`,
    }],
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
