// An app with a license: java App.java [license key]. Its settings are environment variables, which a real app compiles in.
import io.latchkey.Devices;
import io.latchkey.LicenseClient;
import io.latchkey.LicenseState;
import io.latchkey.LicenseStatus;
import io.latchkey.PublicKey;
import io.latchkey.Storage;
import java.nio.file.Path;
import java.util.Map;

/** An app that runs only with a license. */
public final class App {
    private App() {}

    /**
     * Prints the state of the license, and exits with 0 when the app may be used.
     *
     * @param arguments the license key, on the first run
     */
    public static void main(String[] arguments) {
        Map<String, String> env = System.getenv();
        String product = env.get("LATCHKEY_PRODUCT");
        Path file = Path.of(env.getOrDefault("LATCHKEY_FILE",
                Path.of(System.getProperty("java.io.tmpdir"), "latchkey-example", "license.json").toString()));
        LicenseStatus status;
        try (LicenseClient license = LicenseClient.builder()
                .url(env.get("LATCHKEY_URL"))
                .apiKey(env.get("LATCHKEY_API_KEY"))
                .product(product)
                .version("2.1.0")
                .released("2026-02-15")
                .publicKeys(PublicKey.parse(env.get("LATCHKEY_KEYS")))
                .device(Devices.machineDevice(product))
                .storage(Storage.file(file))
                .build()) {
            status = license.start();
            if (status.state() == LicenseState.NOT_ACTIVATED && arguments.length > 0) {
                status = license.activate(arguments[0]);
            }
        }
        System.out.println(status.state());
        if (status.error() != null) {
            System.err.println(status.error().code() + ": " + status.error().getMessage());
        }
        System.exit(status.usable() ? 0 : 1);
    }
}
