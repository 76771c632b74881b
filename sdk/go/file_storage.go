// A file in which the license is kept. It is replaced as a whole, and processes take turns.

package latchkey

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// lockAge is when a lock was left by a process that ended.
	lockAge = 10 * time.Second
	// lockWait is how long another process is waited for.
	lockWait = 3 * time.Second
	// maxRecord is how long a record may be; bytes. A longer file is damaged.
	maxRecord = 1 << 20
)

// FileStorage keeps the license in a file, such as license.json in the folder of the user's settings. Its folders are
// created. Beside it are the text before it, with the ending .previous, and a lock while it is written, with .lock.
// Programs in several languages may share the file.
type FileStorage string

// Read returns the text of the file, or the one before it when the file was cut or removed.
func (s FileStorage) Read() ([]byte, error) {
	text, err := readText(string(s))
	if err != nil || isWhole(text) {
		return text, err
	}
	previous, err := readText(s.previous())
	if err != nil || previous == nil {
		return text, nil
	}
	return previous, nil
}

// Write replaces the text. Only the user may read the file.
func (s FileStorage) Write(text []byte) error {
	path := string(s)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temporary, err := writeTemporary(path, text)
	if err != nil {
		return err
	}
	if kept, err := readText(path); err == nil && isWhole(kept) {
		err = os.Rename(path, s.previous())
		if err != nil {
			_ = os.Remove(temporary)
			return err
		}
	}
	if err := os.Rename(temporary, path); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

// Exclusively calls work while no other process does. Another one is waited for, 3 seconds at most.
func (s FileStorage) Exclusively(work func() error) error {
	unlock, err := lock(string(s) + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	return work()
}

func (s FileStorage) previous() string { return string(s) + ".previous" }

// readText returns nil for a file that is not there, and no more of a file than a record may be long.
func readText(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		// A pipe would wait for whoever writes to it.
		return nil, fmt.Errorf("%s is no file", path)
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxRecord))
}

// writeTemporary writes text to a new file beside a path, as far as the disk.
func writeTemporary(path string, text []byte) (string, error) {
	suffix, err := token()
	if err != nil {
		return "", err
	}
	name := path + "." + suffix
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(name)
	}
	return name, err
}

func token() (string, error) {
	data := make([]byte, 8)
	_, err := rand.Read(data)
	return hex.EncodeToString(data), err
}

// lock locks by a file that only one process can create.
func lock(path string) (unlock func(), err error) {
	own, err := token()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockWait); ; time.Sleep(10 * time.Millisecond) {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			_, _ = file.WriteString(own)
			_ = file.Close()
			return func() { unlockOwn(path, own) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > lockAge {
			removeLeftOver(path, info)
		} else if time.Now().After(deadline) {
			return func() {}, nil
		}
	}
}

// removeLeftOver removes a lock, unless another process has replaced it just now.
func removeLeftOver(path string, seen fs.FileInfo) {
	if info, err := os.Stat(path); err == nil && os.SameFile(info, seen) && info.ModTime().Equal(seen.ModTime()) {
		_ = os.Remove(path)
	}
}

// unlockOwn removes a lock, unless it counted as left over and is another process's now.
func unlockOwn(path, own string) {
	if found, err := os.ReadFile(path); err == nil && (string(found) == own || len(found) == 0) {
		_ = os.Remove(path)
	}
}
