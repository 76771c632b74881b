/** What the client does: requests, the record on the device, and its state. */
package io.latchkey.internal.client;
