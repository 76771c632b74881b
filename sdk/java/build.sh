#!/bin/sh
# Builds the library with the JDK alone: ./build.sh [jar | test | docs], into target/. Maven does the same by pom.xml.
# "test" needs the JARs of JUnit 5 in JUNIT, with colons between them; by default those of Debian's package junit5.
set -eu
cd "$(dirname "$0")"
version=0.9.0

compile() {
  rm -rf target/classes target/latchkey-client-$version.jar
  mkdir -p target/classes
  find src/main/java -name '*.java' > target/sources.txt
  javac -J-Xmx256m --release 17 -Xlint:all -Werror -d target/classes @target/sources.txt
  jar --create --file target/latchkey-client-$version.jar -C target/classes .
}

test_all() {
  lib=/usr/share/java
  junit="${JUNIT:-$lib/junit-jupiter-api.jar:$lib/junit-jupiter-params.jar:$lib/junit-jupiter-engine.jar:$lib/junit-platform-commons.jar:$lib/junit-platform-engine.jar:$lib/junit-platform-launcher.jar:$lib/junit-platform-console.jar:$lib/junit-platform-reporting.jar:$lib/opentest4j.jar:$lib/opentest4j-reporting-events.jar:$lib/opentest4j-reporting-schema.jar:$lib/apiguardian-api.jar:$lib/picocli.jar}"
  rm -rf target/test-classes
  mkdir -p target/test-classes
  find src/test/java -name '*.java' > target/test-sources.txt
  javac -J-Xmx256m --release 17 -Xlint:all,-processing,-classfile,-path -Werror -d target/test-classes \
    -cp "target/classes:$junit" @target/test-sources.txt
  java -Xmx256m -cp "target/classes:target/test-classes:$junit" org.junit.platform.console.ConsoleLauncher \
    --disable-banner --details=tree --scan-classpath target/test-classes "$@"
}

case "${1:-jar}" in
  jar) compile ;;
  test) shift; compile; test_all "$@" ;;
  docs)
    rm -rf target/docs
    find src/main/java -name '*.java' > target/sources.txt
    javadoc -J-Xmx256m -quiet -Xdoclint:all -Werror --release 17 -d target/docs @target/sources.txt ;;
  *) echo "usage: ./build.sh [jar | test | docs]" >&2; exit 2 ;;
esac
