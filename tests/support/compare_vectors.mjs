// Compares the TypeScript library, as it is built, with the vectors; for Node and browsers, whose Web Crypto and zlib are
// their own.

/**
 * @param library what the package exports
 * @param {Record<string, { name: string, given: unknown, expected: unknown }[]>} vectors cases by file
 * @returns the cases that come to another result, and how many there are
 */
export async function compareVectors(library, vectors) {
  const {
    checkLicenseFile,
    deviceOf,
    InvalidTextError,
    readLicenseKey,
    readValidation,
    writeOfflineRequest,
  } = library;
  const kinds = {
    file: async ({ device: { license_key: licenseKey, ...device }, ...given }) => {
      const { state, reason } = await checkLicenseFile({ ...given, device, licenseKey });
      return { state, reason };
    },
    validations: async ({ signature, keys, license_key: licenseKey, ...sent }) => {
      try {
        return { code: (await readValidation(signature, { ...sent, licenseKey }, keys)).code };
      } catch (error) {
        if (error instanceof InvalidTextError) return { reason: error.reason };
        throw error;
      }
    },
    devices: ({ product, parts }) => deviceOf(product, Object.fromEntries(parts)).catch(() => null),
    license_keys: (typed) => {
      const key = readLicenseKey(typed);
      return key && { text: key.text, canonical: key.canonical, checksum_mismatch: key.checksumMismatch };
    },
    offline_requests: (given) =>
      writeOfflineRequest({
        licenseKey: given.license_key,
        device: { fingerprint: given.hardware_hash, components: given.components },
        deviceName: given.machine_name,
        version: given.app_version,
        encrypt: given.encrypt,
        createdAt: given.created_at,
      }),
  };
  const others = [];
  let count = 0;
  for (const [kind, cases] of Object.entries(vectors)) {
    const resultOf = kinds[kind.replace(/^file_.*/, "file")];
    for (const { name, given, expected } of cases) {
      const result = await resultOf(given);
      if (textOf(result) !== textOf(expected)) others.push(`${kind}: ${name}: ${textOf(result)}`);
      count++;
    }
  }
  return { others, count };
}

/** The same for objects whose members are in another order. */
function textOf(value) {
  const isObject = typeof value === "object" && value !== null;
  return isObject
    ? `{${Object.keys(value).sort().map((name) => `${name}:${textOf(value[name])}`).join()}}`
    : JSON.stringify(value);
}

if (globalThis.process?.argv?.[2]) {
  const { readFileSync } = await import("node:fs");
  const vectors = JSON.parse(readFileSync(globalThis.process.argv[2], "utf8"));
  console.log(JSON.stringify(await compareVectors(await import("@latchkey/client"), vectors)));
}
