/** License checks of an app, online and offline, with a Latchkey license server. */
module io.latchkey {
    requires transitive java.net.http;

    exports io.latchkey;
}
