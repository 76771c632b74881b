package io.latchkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file in which the license is kept. */
@Timeout(60)
class FileStorageTest {
    @TempDir
    Path folder;

    @Test
    void itIsReplacedAsAWhole() throws Exception {
        Path path = folder.resolve("a/b/license.json");
        Storage storage = Storage.file(path);
        assertEquals(null, storage.read());
        storage.write("{\"a\":1}");
        storage.write("{\"a\":2}");
        assertEquals("{\"a\":2}", storage.read());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        for (String damage : List.of("{\"a\":", "", "\0\0\0", "[".repeat(100_000), " ".repeat(2_000_000))) {
            Files.writeString(path, damage);
            assertEquals("{\"a\":1}", storage.read());
        }
        Files.delete(path);
        assertEquals("{\"a\":1}", storage.read());
        try (Stream<Path> files = Files.list(path.getParent())) {
            assertEquals(List.of("license.json.previous"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aFolderMayBeALink() throws Exception {
        Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        Storage storage = Storage.file(folder.resolve("link/license.json"));
        storage.lock().close();
        storage.write("{}");
        assertEquals("{}", Files.readString(folder.resolve("real/license.json")));
    }

    @Test
    void whatIsNoFileIsNotRead() throws IOException {
        assertThrows(IOException.class, () -> Storage.file(Path.of("/dev/zero")).read());
        assertThrows(IOException.class, () -> Storage.file(folder).read());
        assertThrows(IOException.class, () -> Storage.file(Path.of("/proc/latchkey/license.json")).write("{}"));
        assertThrows(IOException.class, () -> Storage.file(Path.of("/dev/null/license.json")).lock());
    }

    @Test
    void aLockIsLeftBehindForAWhile() throws Exception {
        Path path = folder.resolve("license.json");
        Path lock = folder.resolve("license.json.lock");
        for (long age : new long[] {-3600, 60, 86_400}) {
            Files.writeString(lock, "");
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(age)));
            long began = System.nanoTime();
            Storage.file(path).lock().close();
            assertTrue(System.nanoTime() - began < 2_000_000_000L);
        }
        Files.writeString(lock, "");
        long began = System.nanoTime();
        Thread.currentThread().interrupt();
        Storage.file(path).lock().close();
        assertTrue(Thread.interrupted(), "an interrupt stays");
        assertTrue(System.nanoTime() - began > 2_900_000_000L, "another process is waited for");
        assertTrue(Files.exists(lock), "its lock stays");
    }

    @Test
    void changesAtOnceLoseNothing() throws Exception {
        Path path = folder.resolve("license.json");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            running.add(threads.submit(() -> {
                Storage storage = Storage.file(path);
                for (int time = 0; time < 5; time++) count(storage);
                return null;
            }));
        }
        for (Future<?> one : running) one.get();
        threads.shutdown();
        assertEquals("{\"n\":40}", Storage.file(path).read());
    }

    @SuppressWarnings("try") // The lock is not used but held.
    private static void count(Storage storage) throws IOException {
        try (Closeable lock = storage.lock()) {
            String text = storage.read();
            int before = text == null ? 0 : Integer.parseInt(text.replaceAll("[^0-9]", ""));
            storage.write("{\"n\":" + (before + 1) + "}");
        }
    }
}
