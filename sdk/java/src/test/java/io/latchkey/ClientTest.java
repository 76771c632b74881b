package io.latchkey;

import static io.latchkey.TestVendor.LICENSE_KEY;
import static io.latchkey.TestVendor.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client does when threads, listeners, transports and storages of the app behave badly. */
@Timeout(60)
class ClientTest {
    private final TestVendor vendor;

    ClientTest() throws Exception {
        vendor = new TestVendor();
    }

    @Test
    void answersThatAreNoneLeaveTheState() {
        try (LicenseClient client = vendor.client().build()) {
            assertEquals(LicenseState.VALID, client.activate(LICENSE_KEY).state());
            for (String body : TestVendor.NO_JSON) {
                vendor.disturbance = request -> answer(200, body);
                LicenseStatus status = client.refresh();
                assertEquals(LicenseState.VALID, status.state());
                assertEquals(LatchkeyException.UNTRUSTED_ANSWER, status.error().code(), body.substring(0, Math.min(9, body.length())));
                vendor.disturbance = request -> answer(400, body);
                assertEquals("HTTP_400", client.refresh().error().code());
                assertEquals("HTTP_400", assertThrows(LatchkeyException.class, client::checkOut).code());
            }
            assertThrows(LatchkeyException.class, () -> client.installStatusList("a.b.c"));
            vendor.disturbance = request -> answer(200, "{\"session_id\":7,\"expires_at\":\"soon\"}");
            assertEquals(LatchkeyException.UNTRUSTED_ANSWER,
                    assertThrows(LatchkeyException.class, () -> client.seats().start()).code());
            assertEquals(LatchkeyException.UNTRUSTED_ANSWER,
                    assertThrows(LatchkeyException.class, () -> client.usage().increment("exports", 1)).code());
            assertFalse(client.checkForUpdate().available());
        }
    }

    @Test
    void transportsMayFailInAnyWay() {
        List<Transport> bad = List.of(
                request -> {
                    throw new IOException("lost");
                },
                request -> {
                    throw new IllegalStateException("broken");
                },
                request -> {
                    throw new StackOverflowError();
                },
                request -> null,
                request -> {
                    // It ignores interrupts.
                    long end = System.nanoTime() + 4_000_000_000L;
                    while (System.nanoTime() < end) Thread.onSpinWait();
                    return answer(200, "{}");
                });
        try (LicenseClient client = vendor.client().timeout(Duration.ofMillis(300)).build()) {
            client.activate(LICENSE_KEY);
            for (Transport transport : bad) {
                vendor.disturbance = transport;
                assertEquals(LatchkeyException.NETWORK_ERROR, client.refresh().error().code());
                LatchkeyException error = assertThrows(LatchkeyException.class, () -> client.activate(LICENSE_KEY));
                assertEquals(LatchkeyException.NETWORK_ERROR, error.code());
                assertNotNull(error.getCause());
            }
        }
    }

    @Test
    void listenersMayMakeCallsAndFail() throws Exception {
        List<LicenseState> states = Collections.synchronizedList(new ArrayList<>());
        try (LicenseClient client = vendor.client().build()) {
            client.onChange(status -> {
                throw new IllegalStateException("The app's error");
            });
            Runnable remove = client.onChange(status -> {
                states.add(status.state());
                client.refresh();
                if (status.state() == LicenseState.VALID && states.size() == 1) client.deactivate();
            });
            client.activate(LICENSE_KEY);
            assertEquals(List.of(LicenseState.VALID, LicenseState.NOT_ACTIVATED), states);
            remove.run();
            client.activate(LICENSE_KEY);
            assertEquals(2, states.size());
        }
    }

    @Test
    void refreshesAtOnceAreOneRequest() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try (LicenseClient client = vendor.client().build()) {
            client.activate(LICENSE_KEY);
            int before = vendor.requests.get();
            vendor.disturbance = request -> {
                Thread.sleep(500);
                return vendor.honest(request);
            };
            List<Future<LicenseStatus>> running = new ArrayList<>();
            for (int thread = 0; thread < 32; thread++) running.add(threads.submit(client::refresh));
            for (Future<LicenseStatus> one : running) assertEquals(LicenseState.VALID, one.get().state());
            assertEquals(before + 1, vendor.requests.get());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void manyThreadsMayMakeAnyCalls() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (LicenseClient client = vendor.client().build()) {
            client.activate(LICENSE_KEY);
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 16; thread++) {
                int own = thread;
                running.add(threads.submit(() -> {
                    for (int time = 0; time < 10; time++) {
                        if (own % 4 == 0) client.activate(LICENSE_KEY);
                        if (own % 4 == 1) client.refresh();
                        if (own % 4 == 2) client.installFile(vendor.file());
                        if (own % 4 == 3) client.onChange(status -> { }).run();
                        assertEquals(LicenseState.VALID, client.status().state());
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) one.get();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void interruptsEndCallsAndStay() throws Exception {
        try (LicenseClient client = vendor.client().timeout(Duration.ofSeconds(30)).build()) {
            client.activate(LICENSE_KEY);
            CountDownLatch sent = new CountDownLatch(1);
            vendor.disturbance = request -> {
                sent.countDown();
                Thread.sleep(30_000);
                return vendor.honest(request);
            };
            List<Object> found = Collections.synchronizedList(new ArrayList<>());
            Thread thread = new Thread(() -> {
                found.add(client.refresh().error().code());
                found.add(Thread.currentThread().isInterrupted());
            });
            thread.start();
            assertTrue(sent.await(10, TimeUnit.SECONDS));
            thread.interrupt();
            thread.join(10_000);
            assertEquals(List.of(LatchkeyException.NETWORK_ERROR, true), found);
            vendor.disturbance = null;
            assertNull(client.refresh().error());
        }
    }

    @Test
    void storagesMayFail() {
        Storage broken = new Storage() {
            @Override
            public String read() {
                throw new IllegalStateException("locked keychain");
            }

            @Override
            public void write(String text) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        try (LicenseClient client = vendor.client().storage(broken).build()) {
            assertNotNull(client.status().storageError());
            assertEquals(LicenseState.VALID, client.activate(LICENSE_KEY).state());
            assertNotNull(client.refresh().storageError());
            assertEquals(LicenseState.VALID, client.status().state());
        }
    }

    @Test
    void clocksMaySayAnything() {
        Instant[] now = {Instant.now()};
        try (LicenseClient client = vendor.client().clock(() -> now[0]).build()) {
            client.activate(LICENSE_KEY);
            Map<Instant, LicenseState> states = Map.of(Instant.MIN, LicenseState.CLOCK_TAMPERED, Instant.MAX, LicenseState.EXPIRED,
                    Instant.EPOCH, LicenseState.CLOCK_TAMPERED);
            states.forEach((time, state) -> {
                now[0] = time;
                assertEquals(state, client.status().state());
                client.refresh();
                client.offlineRequest(LICENSE_KEY);
            });
        }
    }

    @Test
    void aCodeIsGivenOnceAndItsFileIsRefused() throws Exception {
        try (LicenseClient client = vendor.client().build()) {
            assertThrows(LatchkeyException.class, client::deactivateOffline);
            String file = vendor.file();
            assertEquals(LicenseState.VALID, client.installFile(file).state());
            String code = client.deactivateOffline();
            assertEquals(code, client.deactivateOffline());
            assertEquals(LicenseState.NOT_ACTIVATED, client.installFile(file).state());
            assertEquals(LicenseState.NOT_ACTIVATED, client.status().state());
            vendor.file = Map.of("seq", TestVendor.now() + 9);
            assertEquals(LicenseState.VALID, client.installFile(vendor.file()).state());
            vendor.file = Map.of("seq", TestVendor.now() + 8);
            assertEquals(LicenseState.INVALID, client.installFile(vendor.file()).state());
            assertEquals(LicenseState.VALID, client.status().state());
        }
    }
}
