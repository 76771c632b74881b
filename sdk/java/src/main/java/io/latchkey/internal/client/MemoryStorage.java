package io.latchkey.internal.client;

import io.latchkey.Storage;

/** Keeps the text as long as the program runs. */
public final class MemoryStorage implements Storage {
    private volatile String kept;

    /** Nothing is kept yet. */
    public MemoryStorage() {}

    @Override
    public String read() {
        return kept;
    }

    @Override
    public void write(String text) {
        kept = text;
    }
}
