// The record of the license in its storage: changed step by step, and held in memory where nothing can be kept.

package latchkey

import (
	"fmt"
	"sync"
)

// keptRecord is the record of the license, for several goroutines at once.
type keptRecord struct {
	storage Storage
	// turn is held while the record is changed.
	turn sync.Mutex
	// mu guards what follows.
	mu     sync.Mutex
	record record
	// changes counts those of the record in memory, so that a slow read does not undo one.
	changes int
	// isUnsaved tells that the record in memory is newer than the kept one.
	isUnsaved bool
	// err is why the record is in memory alone: a full disk, a folder that cannot be written to; nil: it is kept.
	err error
}

// read returns the record, with what another process has written.
func (k *keptRecord) read() record {
	found, _ := k.load()
	return found
}

// load returns the record, and why it could not be read.
func (k *keptRecord) load() (record, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.isUnsaved {
		return k.record, nil
	}
	before := k.changes
	k.mu.Unlock()
	data, err := k.storage.Read()
	k.mu.Lock()
	if k.changes != before || k.isUnsaved {
		return k.record, nil
	}
	k.err = err
	// A cut file, or none: what is in memory is the newest.
	if err == nil && isWhole(data) {
		// What was seen is never forgotten while the app runs, even if its file is put back.
		k.record = readRecord(data).with(k.record.seen)
	}
	return k.record, err
}

// change replaces the record, unless nothing changes; changes take turns. One that cannot be kept is held in memory.
func (k *keptRecord) change(change func(record) (record, bool)) {
	k.turn.Lock()
	defer k.turn.Unlock()
	isTried := false
	work := func() error {
		before, err := k.load()
		if err != nil {
			// What cannot be read may be another process's license, and is not replaced.
			return err
		}
		isTried = true
		changed, isUnsaved := k.replace(change, before)
		if !isUnsaved {
			return nil
		}
		text, err := changed.write()
		if err != nil {
			return err
		}
		return k.storage.Write(text)
	}
	var err error
	if exclusive, ok := k.storage.(ExclusiveStorage); ok {
		err = exclusive.Exclusively(work)
	} else {
		err = work()
	}
	if err != nil && !isTried {
		k.replace(change, k.read())
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil {
		k.err, k.isUnsaved = nil, false
	} else {
		k.err = fmt.Errorf("latchkey: the license is kept in memory alone: %w", err)
	}
}

// replace replaces the record in memory, and reports whether it has to be written.
func (k *keptRecord) replace(change func(record) (record, bool), before record) (record, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	changed, isChanged := change(before)
	if isChanged {
		k.record = changed
		k.changes++
		k.isUnsaved = true
	}
	return k.record, k.isUnsaved
}

// problem is why the record is in memory alone; nil: it is kept.
func (k *keptRecord) problem() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}
