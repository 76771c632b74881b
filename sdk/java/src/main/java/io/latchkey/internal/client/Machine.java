package io.latchkey.internal.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What identifies a machine under Linux, macOS and Windows, as far as programs may read it without special rights. */
public final class Machine {
    /** A program that takes longer is ended; seconds. */
    private static final int TIMEOUT = 5;
    private static final int MAX_OUTPUT = 65_536;

    private Machine() {}

    /**
     * The parts of this machine.
     *
     * @return values by name, null where they are not known
     */
    public static Map<String, String> parts() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        Map<String, String> parts = new LinkedHashMap<>();
        if (system.startsWith("linux")) {
            parts.put("system", first("/etc/machine-id", "/var/lib/dbus/machine-id"));
            parts.put("board", first("/sys/class/dmi/id/board_serial", "/sys/class/dmi/id/board_asset_tag"));
        } else if (system.startsWith("mac")) {
            List<String> command = List.of("ioreg", "-rd1", "-c", "IOPlatformExpertDevice");
            parts.put("system", match(command, "\"IOPlatformUUID\" = \"([^\"]+)\""));
            parts.put("board", match(command, "\"IOPlatformSerialNumber\" = \"([^\"]+)\""));
        } else if (system.startsWith("windows")) {
            parts.put("system", match(
                    List.of("reg", "query", "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "/v", "MachineGuid"),
                    "REG_SZ\\s+(\\S+)"));
            parts.put("board", match(List.of("wmic", "baseboard", "get", "serialnumber"), "SerialNumber\\s+(\\S[^\\r\\n]*)"));
        }
        parts.put("mac", networkAddress());
        return parts;
    }

    /** The address of the first network card that is built in: not one that was made up, whose second bit is set. */
    private static String networkAddress() {
        try {
            return NetworkInterface.networkInterfaces().map(Machine::addressOf).filter(Objects::nonNull).sorted()
                    .findFirst().orElse(null);
        } catch (SocketException error) {
            return null;
        }
    }

    /** The address of a card in use; zeros, which are a placeholder, for one that has none. */
    private static String addressOf(NetworkInterface card) {
        try {
            if (card.isLoopback() || !card.isUp() || !Collections.list(card.getInetAddresses()).iterator().hasNext()) return null;
            byte[] address = card.getHardwareAddress();
            if (address == null) return "00:00:00:00:00:00";
            if (address.length != 6 || (address[0] & 2) != 0) return null;
            return String.format("%02x:%02x:%02x:%02x:%02x:%02x", address[0], address[1], address[2], address[3], address[4],
                    address[5]);
        } catch (SocketException error) {
            return null;
        }
    }

    private static String first(String... paths) {
        for (String path : paths) {
            try (InputStream file = java.nio.file.Files.newInputStream(Path.of(path))) {
                String text = new String(file.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8).strip();
                if (!text.isEmpty()) return text;
            } catch (IOException | SecurityException error) {
                // The next one.
                continue;
            }
        }
        return null;
    }

    /** What a pattern finds in the output of a program; null when there is none, or it takes too long. */
    private static String match(List<String> command, String pattern) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException | SecurityException error) {
            return null;
        }
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
            Matcher matcher = Pattern.compile(pattern).matcher(output.get(TIMEOUT, TimeUnit.SECONDS));
            return matcher.find() ? matcher.group(1).strip() : null;
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            return null;
        } catch (IOException | ExecutionException | TimeoutException error) {
            return null;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readNBytes(MAX_OUTPUT), Charset.defaultCharset());
        } catch (IOException error) {
            return "";
        }
    }
}
