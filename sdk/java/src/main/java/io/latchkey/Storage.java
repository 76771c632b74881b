package io.latchkey;

import io.latchkey.internal.client.FileStorage;
import io.latchkey.internal.client.MemoryStorage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Where the library keeps what it knows: one text. An app may bring its own, such as a keychain. It has to be thread-safe. */
public interface Storage {
    /**
     * The text that was written last.
     *
     * @return null when there is none
     * @throws IOException when it cannot be read
     */
    String read() throws IOException;

    /**
     * Replaces the text as a whole: a reader finds the old text or the new one.
     *
     * @param text JSON
     * @throws IOException when it cannot be kept, as on a full disk; the license is held in memory then
     */
    void write(String text) throws IOException;

    /**
     * Waits until no other process writes. Without it, changes of two processes at once may be lost.
     *
     * @return what lets others write again
     * @throws IOException when nothing can be kept
     */
    default Closeable lock() throws IOException {
        return () -> {};
    }

    /**
     * Keeps it in a file. The file is replaced as a whole, the one before is kept beside it, and processes take turns.
     *
     * @param path of the file; its folder is created
     * @return a storage
     */
    static Storage file(Path path) {
        return new FileStorage(path);
    }

    /**
     * Keeps it as long as the program runs.
     *
     * @return a storage
     */
    static Storage memory() {
        return new MemoryStorage();
    }
}
