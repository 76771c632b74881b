// The cache file: cut, removed, on disks that fail, and shared by processes.

package latchkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestDamagedFileIsReplacedByTheOneBefore(t *testing.T) {
	vendor := newVendor(t)
	path := filepath.Join(t.TempDir(), "app", "license.json")
	activate(t, vendor.client(t, Options{Storage: FileStorage(path)}))
	for name, damage := range map[string]func() error{
		"cut":     func() error { return os.Truncate(path, 90) },
		"empty":   func() error { return os.Truncate(path, 0) },
		"zeros":   func() error { return os.WriteFile(path, make([]byte, 900), 0o600) },
		"large":   func() error { return os.WriteFile(path, make([]byte, 3<<20), 0o600) },
		"a text":  func() error { return os.WriteFile(path, []byte(`"x"`), 0o600) },
		"removed": func() error { return os.Remove(path) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		status := vendor.client(t, Options{Storage: FileStorage(path)}).Refresh(ctx)
		expect(t, status, StateValid, "")
		if status.StorageError != nil {
			t.Error(name, status.StorageError)
		}
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	if len(entries) != 2 {
		t.Error(entries)
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(entry.Name(), info.Mode(), err)
		}
	}
}

type failingStorage struct{ memoryStorage }

func (*failingStorage) Write([]byte) error { return errors.New("no space left on device") }

func TestLicenseIsHeldInMemoryWhereNothingCanBeKept(t *testing.T) {
	vendor := newVendor(t)
	folder := t.TempDir()
	plain := filepath.Join(folder, "file")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, storage := range []Storage{&failingStorage{}, FileStorage(plain + "/license.json"), FileStorage(folder)} {
		client := vendor.client(t, Options{Storage: storage})
		activate(t, client)
		status := client.Refresh(ctx)
		expect(t, status, StateValid, "")
		if status.StorageError == nil {
			t.Error(storage, "nothing tells that the license is in memory alone")
		}
	}
}

func TestWhatWasSeenIsNotForgotten(t *testing.T) {
	vendor, clock := newVendor(t), &testClock{}
	path := filepath.Join(t.TempDir(), "license.json")
	client := vendor.client(t, Options{Storage: FileStorage(path), Clock: clock})
	activate(t, client)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	later := vendor.file(map[string]any{"seq": time.Now().Unix() + 9})
	expect(t, client.InstallFile(later, ""), StateValid, "")
	record := readRecord(old)
	record.validation, record.seen = "", seen{}
	text, _ := record.write()
	for _, name := range []string{path, path + ".previous"} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, client.Status(), StateInvalid, "")
	clock.shift(-2 * time.Hour)
	expect(t, client.Status(), StateClockTampered, "")
}

func TestLeftOverLockDoesNotLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "license.json")
	storage := FileStorage(path)
	if err := os.WriteFile(path+".lock", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := storage.Exclusively(func() error { return storage.Write([]byte("{}")) }); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(began); waited < lockWait || waited > 2*lockWait {
		t.Error("a lock that is held was waited for", waited)
	}
	if err := os.Chtimes(path+".lock", time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := storage.Exclusively(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".lock"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// count adds to a number in a file, as another process does at the same time.
func count(storage FileStorage, times int) error {
	for turn := 0; turn < times; turn++ {
		err := storage.Exclusively(func() error {
			text, err := storage.Read()
			if err != nil {
				return err
			}
			var counted struct{ Count int }
			_ = json.Unmarshal(text, &counted)
			return storage.Write([]byte(fmt.Sprintf(`{"count":%d}`, counted.Count+1)))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestProcessesLoseNothingOfEachOther(t *testing.T) {
	if path := os.Getenv("LATCHKEY_COUNT"); path != "" {
		if err := count(FileStorage(path), 25); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "app", "license.json")
	var all sync.WaitGroup
	for process := 0; process < 4; process++ {
		all.Add(1)
		go func() {
			defer all.Done()
			command := exec.Command(os.Args[0], "-test.run", "^TestProcessesLoseNothingOfEachOther$")
			command.Env = append(os.Environ(), "LATCHKEY_COUNT="+path)
			if output, err := command.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		}()
	}
	all.Wait()
	var counted struct{ Count int }
	text, _ := os.ReadFile(path)
	if _ = json.Unmarshal(text, &counted); counted.Count != 100 {
		t.Error("counted " + strconv.Itoa(counted.Count))
	}
}
