package io.latchkey.internal.client;

import io.latchkey.Storage;
import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** The record of the license in its storage: changed step by step, and held in memory where nothing can be kept. */
final class KeptRecord {
    private final Storage storage;
    /** Changes of this process take turns. Readers do not wait for it, as a change may wait for another process. */
    private final ReentrantLock turn = new ReentrantLock();
    private LicenseRecord record = LicenseRecord.EMPTY;
    /** How often the record was written or read, so that a slow reader does not put an old one back. */
    private long version;
    private Exception error;
    /** Whether the error is one of reading, after which the storage is tried again. */
    private boolean isUnread;

    KeptRecord(Storage storage) {
        this.storage = storage;
    }

    /** Why the last change is in memory alone: a full disk, a folder that cannot be written to; null: it was kept. */
    synchronized Exception error() {
        return error;
    }

    /** The record, with what another process has written. */
    LicenseRecord read() {
        long before;
        synchronized (this) {
            if (error != null && !isUnread) return record;
            before = version;
        }
        String text = null;
        Exception failure = null;
        try {
            text = storage.read();
        } catch (IOException | RuntimeException thrown) {
            failure = thrown;
        }
        synchronized (this) {
            if (error == null || isUnread) {
                error = failure;
                isUnread = failure != null;
            }
            // A cut file, or none: what is in memory is the newest.
            if (version == before && isWhole(text)) {
                // What was seen is never forgotten while the app runs, even if its file is put back.
                record = LicenseRecord.read(text).withSeen(record);
                version++;
            }
            return record;
        }
    }

    /** Changes the record. It never fails because of the storage. */
    LicenseRecord change(UnaryOperator<LicenseRecord> change) {
        turn.lock();
        try {
            return changeInTurn(change);
        } finally {
            turn.unlock();
        }
    }

    @SuppressWarnings("try") // The lock is not used but held.
    private LicenseRecord changeInTurn(UnaryOperator<LicenseRecord> change) {
        LicenseRecord changed = null;
        try (Closeable lock = storage.lock()) {
            LicenseRecord before = read();
            changed = set(change.apply(before));
            if (changed.equals(before) && error() == null) return changed;
            storage.write(changed.write());
            set(changed, null);
        } catch (IOException | RuntimeException thrown) {
            if (changed == null) changed = change.apply(read());
            set(changed, thrown);
        }
        return changed;
    }

    private synchronized LicenseRecord set(LicenseRecord changed) {
        version++;
        return record = changed;
    }

    private synchronized void set(LicenseRecord changed, Exception failure) {
        set(changed);
        error = failure;
        isUnread = false;
    }

    private static boolean isWhole(String text) {
        if (text == null) return false;
        try {
            JsonReader.readObject(text);
            return true;
        } catch (JsonException error) {
            return false;
        }
    }
}
