// Where the library keeps what it knows: one text. An app may bring its own storage, such as a keychain.

package latchkey

import "sync"

// Storage keeps one text. It may be used by several goroutines at once.
type Storage interface {
	// Read returns the text that was written last; nil when there is none.
	Read() ([]byte, error)
	// Write replaces the text as a whole: a reader finds the old text or the new one.
	Write(text []byte) error
}

// ExclusiveStorage is a Storage that several processes share. Without it, changes of two processes at once may be lost.
type ExclusiveStorage interface {
	Storage
	// Exclusively calls work while no other process does. It returns an error when it could not call it, and that of work.
	Exclusively(work func() error) error
}

// memoryStorage keeps the text as long as the program runs.
type memoryStorage struct {
	mu   sync.Mutex
	text []byte
}

func (s *memoryStorage) Read() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text, nil
}

func (s *memoryStorage) Write(text []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append([]byte(nil), text...)
	return nil
}
