// The program of the README compiles as it stands, in a module of its own that has a copy of this folder.

package latchkey

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadmeCompiles(t *testing.T) {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not there")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "```go\n")
	program, _, found := strings.Cut(after, "```")
	if !found || !strings.HasPrefix(program, "package main") {
		t.Fatal("the README has no program")
	}
	folder := t.TempDir()
	copySources(t, filepath.Join(folder, "latchkey"))
	write(t, filepath.Join(folder, "main.go"), program)
	write(t, filepath.Join(folder, "go.mod"), "module painter\n\ngo 1.19\n")
	const module = "latchkey.example/latchkey"
	for _, args := range [][]string{
		{"mod", "edit", "-require", module + "@v" + Version, "-replace", module + "=./latchkey"},
		{"vet", "."},
		{"build", "-o", filepath.Join(folder, "painter"), "."},
	} {
		command := exec.Command(tool, args...)
		command.Dir = folder
		command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off")
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, output)
		}
	}
	formatted, err := exec.Command("gofmt", "-l", filepath.Join(folder, "main.go")).CombinedOutput()
	if err == nil && len(bytes.TrimSpace(formatted)) > 0 {
		t.Error("the program of the README is not formatted by gofmt")
	}
}

// copySources copies what an app needs.
func copySources(t *testing.T, folder string) {
	paths, _ := filepath.Glob("*.go")
	for _, path := range append(paths, "go.mod") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(path, "_test.go") {
			write(t, filepath.Join(folder, path), string(text))
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
