package io.latchkey.internal.client;

import io.latchkey.Storage;
import io.latchkey.internal.json.JsonException;
import io.latchkey.internal.json.JsonReader;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;

/** A file in which the license is kept. It is replaced as a whole, and processes take turns. */
public final class FileStorage implements Storage {
    /** A longer file is not the library's; bytes. */
    private static final int MAX_LENGTH = 1_048_576;
    /** A lock that is older was left by a process that ended. */
    private static final Duration LOCK_AGE = Duration.ofSeconds(10);
    /** How long another process is waited for. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(3);

    private final Path path;
    private final Path previous;
    private final Path lock;

    /**
     * Keeps the text in a file.
     *
     * @param path of the file
     */
    public FileStorage(Path path) {
        this.path = path.toAbsolutePath();
        previous = sibling(".previous");
        lock = sibling(".lock");
    }

    @Override
    public String read() throws IOException {
        String text = readText(path);
        if (isWhole(text)) return text;
        // The file was cut or removed: the one before it is whole.
        String before = readText(previous);
        return before == null ? text : before;
    }

    @Override
    public void write(String text) throws IOException {
        createFolder();
        Path temporary = sibling("." + UUID.randomUUID());
        try {
            Files.createFile(temporary, ownerOnly());
            // Not a channel, which an interrupt of the app's thread would close.
            try (FileOutputStream file = new FileOutputStream(temporary.toFile())) {
                file.write(text.getBytes(StandardCharsets.UTF_8));
                file.getFD().sync();
            }
            if (isWhole(readText(path))) Files.move(path, previous, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException error) {
            delete(temporary);
            throw error;
        }
    }

    /** Locks by a file that only one process can create. */
    @Override
    public Closeable lock() throws IOException {
        createFolder();
        long deadline = System.nanoTime() + LOCK_WAIT.toNanos();
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    Files.createFile(lock);
                    return () -> delete(lock);
                } catch (FileAlreadyExistsException error) {
                    if (isLeft()) {
                        delete(lock);
                        continue;
                    }
                } catch (AccessDeniedException error) {
                    // Windows says so of a file that is being deleted.
                    if (!Files.exists(lock)) throw error;
                }
                if (System.nanoTime() > deadline) return () -> {};
                try {
                    Thread.sleep(10);
                } catch (InterruptedException error) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) Thread.currentThread().interrupt();
        }
    }

    /** Whether the lock is of a process that ended; one of the future was made before the clock was set back. */
    private boolean isLeft() throws IOException {
        try {
            Duration age = Duration.ofMillis(System.currentTimeMillis() - Files.getLastModifiedTime(lock).toMillis());
            return age.abs().compareTo(LOCK_AGE) > 0;
        } catch (NoSuchFileException error) {
            return false;
        }
    }

    private void createFolder() throws IOException {
        Path folder = path.getParent();
        // Java 17 refuses to create a folder that is a link to one.
        if (!Files.isDirectory(folder)) Files.createDirectories(folder);
    }

    private Path sibling(String ending) {
        return path.resolveSibling(path.getFileName() + ending);
    }

    private FileAttribute<?>[] ownerOnly() {
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    private static String readText(Path path) throws IOException {
        // Reading a pipe or a device might never come back.
        if (Files.exists(path) && !Files.isRegularFile(path)) throw new IOException(path + " is no file.");
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MAX_LENGTH + 1);
            return bytes.length > MAX_LENGTH ? "" : new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException error) {
            return null;
        }
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

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException error) {
            // It is left; a lock ends by its age.
            return;
        }
    }
}
