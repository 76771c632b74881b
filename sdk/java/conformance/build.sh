#!/bin/sh
# Builds the library and its conformance program: java -cp target/classes:target/conformance Conformance
set -eu
cd "$(dirname "$0")/.."
./build.sh
mkdir -p target/conformance
javac -J-Xmx256m --release 17 -Xlint:all -Werror -cp target/classes -d target/conformance conformance/Conformance.java
