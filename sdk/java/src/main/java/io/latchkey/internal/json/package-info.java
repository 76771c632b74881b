/** Reads and writes JSON. */
package io.latchkey.internal.json;
