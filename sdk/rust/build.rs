//! Compiles the C library with the C compiler of the target, or finds an installed one. It needs no other crates.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the C library needs, by the names of pkg-config.
const LIBRARIES: [&str; 3] = ["libcurl", "libcrypto", "zlib"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // docs.rs has no libcurl, and links nothing.
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    if env::var_os("CARGO_FEATURE_VENDORED").is_some() {
        compile(&sources());
    } else {
        link("latchkey");
    }
}

/// A variable whose changes build again.
fn setting(name: &str) -> Option<OsString> {
    println!("cargo:rerun-if-env-changed={name}");
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The folder of the C library: LATCHKEY_C, `c` in this folder (as in the published crate) or beside it.
fn sources() -> PathBuf {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it"));
    let places = [setting("LATCHKEY_C").map(PathBuf::from), Some(here.join("c")), Some(here.join("../c"))];
    let has_header = |folder: &PathBuf| folder.join("include/latchkey.h").is_file();
    places.into_iter().flatten().find(has_header).unwrap_or_else(|| {
        panic!("The C library is not there. Copy sdk/c beside this folder, or set LATCHKEY_C to its path.")
    })
}

fn compile(folder: &Path) {
    println!("cargo:rerun-if-changed={}", folder.join("src").display());
    println!("cargo:rerun-if-changed={}", folder.join("include").display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let cflags: Vec<String> =
        LIBRARIES.into_iter().flat_map(|name| pkg_config("--cflags", name).unwrap_or_default()).collect();
    let mut objects = Vec::new();
    for source in c_files(&folder.join("src")) {
        let object = out.join(source.with_extension("o").file_name().expect("a file"));
        let mut command = Command::new(tool("CC", "cc"));
        command.args(["-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-pthread"]);
        command.args(["-DLATCHKEY_STATIC", "-DLATCHKEY_WITH_CURL"]);
        command.arg("-I").arg(folder.join("include")).arg("-I").arg(folder.join("src"));
        run(command.args(&cflags).arg("-c").arg(&source).arg("-o").arg(&object));
        objects.push(object);
    }
    let archive = out.join("liblatchkey.a");
    let _ = fs::remove_file(&archive);
    run(Command::new(tool("AR", "ar")).arg("crs").arg(&archive).args(&objects));
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=latchkey");
    LIBRARIES.into_iter().for_each(link);
    let others: &[&str] = match env::var_os("CARGO_CFG_WINDOWS") {
        Some(_) => &["iphlpapi", "ws2_32", "advapi32"],
        None => &["m"],
    };
    others.iter().for_each(|name| println!("cargo:rustc-link-lib={name}"));
}

fn c_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a file of the folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "c"))
        .collect();
    files.sort();
    files
}

/// A program for the target, as CC_x86_64_unknown_linux_gnu or CC names it.
fn tool(name: &str, otherwise: &str) -> OsString {
    let target = env::var("TARGET").expect("Cargo sets it").replace('-', "_");
    setting(&format!("{name}_{target}")).or_else(|| setting(name)).unwrap_or_else(|| otherwise.into())
}

fn run(command: &mut Command) {
    let shown = format!("{command:?}");
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{shown} ended with {status}. It needs headers of OpenSSL 3, libcurl and zlib."),
        Err(error) => panic!("{shown} could not be started: {error}. It needs a C compiler."),
    }
}

/// What pkg-config says, word by word; None where it does not know the library, or is not there.
fn pkg_config(question: &str, name: &str) -> Option<Vec<String>> {
    let program = setting("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into());
    setting("PKG_CONFIG_PATH");
    let output = Command::new(program).args([question, name]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.split_whitespace().map(str::to_owned).collect())
}

/// Links a library of the system, with the folders that pkg-config knows.
fn link(name: &str) {
    let words = pkg_config("--libs", name).unwrap_or_else(|| {
        let short = if name == "zlib" { "z" } else { name.strip_prefix("lib").unwrap_or(name) };
        vec![format!("-l{short}")]
    });
    for word in words {
        if let Some(library) = word.strip_prefix("-l") {
            println!("cargo:rustc-link-lib={library}");
        } else if let Some(folder) = word.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={folder}");
        }
    }
}
