package io.latchkey;

import io.latchkey.internal.json.JsonReader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Map;

/** What a license file says, once its signature is verified. Days are those of UTC. */
public final class FileClaims {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.LENIENT);

    private final Map<String, Object> claims;

    /**
     * Claims that were checked.
     *
     * @param claims by name, as the format has them
     */
    public FileClaims(Map<String, Object> claims) {
        this.claims = claims;
    }

    /**
     * All claims, also those that this version of the library does not know.
     *
     * @return by name; whole numbers are {@link Long}, others {@link Double}; unmodifiable
     */
    public Map<String, Object> toMap() {
        return claims;
    }

    /**
     * The product's code.
     *
     * @return the code
     */
    public String product() {
        return text("product");
    }

    /**
     * The id of the license.
     *
     * @return a number
     */
    public long license() {
        return number("license");
    }

    /**
     * The id of the activation.
     *
     * @return a number
     */
    public long activation() {
        return number("activation");
    }

    /**
     * Greater than that of each earlier file of the activation.
     *
     * @return a number
     */
    public long seq() {
        return number("seq");
    }

    /**
     * When it was issued.
     *
     * @return the server's time
     */
    public Instant issuedAt() {
        return Instant.ofEpochSecond(number("iat"));
    }

    /**
     * Since when it counts.
     *
     * @return the time
     */
    public Instant validFrom() {
        return Instant.ofEpochSecond(number("nbf"));
    }

    /**
     * When the file ends, which may be before the license does.
     *
     * @return the time
     */
    public Instant ends() {
        return Instant.ofEpochSecond(number("exp"));
    }

    /**
     * The last day of the license, inclusive.
     *
     * @return null: never expires
     */
    public LocalDate licenseEnds() {
        return day(licenseEndsText());
    }

    /**
     * The last day of the license as it is signed.
     *
     * @return {@code YYYY-MM-DD}; null: never expires
     */
    public String licenseEndsText() {
        return text("license_ends");
    }

    /**
     * The last day of grace as it is signed.
     *
     * @return {@code YYYY-MM-DD}; null: none
     */
    public String graceEndsText() {
        return text("grace_ends");
    }

    /**
     * The last day whose releases are included, as it is signed.
     *
     * @return {@code YYYY-MM-DD}; null: as long as the license is valid
     */
    public String updatesUntilText() {
        return text("updates_until");
    }

    /**
     * What applies after the last day and grace.
     *
     * @return {@code refuse}, {@code entitled_versions} or {@code allow}
     */
    public String afterExpiry() {
        return text("after_expiry");
    }

    /**
     * The versions that are covered.
     *
     * @return a range such as {@code >=2.0.0 <3.0.0}; null: any
     */
    public String versions() {
        return text("versions");
    }

    /**
     * How many concurrent users there may be.
     *
     * @return a number
     */
    public long maxUsers() {
        return number("max_users");
    }

    /**
     * Entitlements by name.
     *
     * @return true, a number or a text each
     */
    public Map<String, Object> entitlements() {
        return object("entitlements");
    }

    /**
     * Public metadata of the license by name.
     *
     * @return a text, a number or a boolean each
     */
    public Map<String, Object> metadata() {
        return object("metadata");
    }

    /**
     * The customer's name.
     *
     * @return the name
     */
    public String customerName() {
        return (String) object("customer").get("name");
    }

    /**
     * The customer's company.
     *
     * @return null: none
     */
    public String customerCompany() {
        return (String) object("customer").get("company");
    }

    /**
     * How the file recognises its device.
     *
     * @return the claim {@code machine}
     */
    public Map<String, Object> machine() {
        return object("machine");
    }

    /**
     * The address of the status list that may revoke the file.
     *
     * @return an address of the server
     */
    public String statusUri() {
        return (String) object("status").get("uri");
    }

    /**
     * The index of the file in its status list.
     *
     * @return a number
     */
    public long statusPlace() {
        return (Long) object("status").get("idx");
    }

    /**
     * A day as it is signed. One that the calendar lacks, such as February 30, is one of the days after it.
     *
     * @param text {@code YYYY-MM-DD}, or null
     * @return the day, or null
     */
    public static LocalDate day(String text) {
        return text == null ? null : LocalDate.parse(text, DAY);
    }

    private String text(String name) {
        return (String) claims.get(name);
    }

    private long number(String name) {
        return (Long) claims.get(name);
    }

    private Map<String, Object> object(String name) {
        return JsonReader.asObject(claims.get(name));
    }
}
