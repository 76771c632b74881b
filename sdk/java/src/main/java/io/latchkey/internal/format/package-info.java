/** The signed formats: license files, validations, status lists, requests and codes. */
package io.latchkey.internal.format;
