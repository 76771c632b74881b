package io.latchkey;

/**
 * Whether there is a newer release of the app.
 *
 * @param available whether there is one
 * @param latestVersion null: no release is published
 * @param downloadUrl null: none is given
 * @param releaseNotes null: none are given
 * @param isMandatory whether the vendor asks to install it
 */
public record Update(boolean available, String latestVersion, String downloadUrl, String releaseNotes,
        boolean isMandatory) {}
