// Names of the domain (camelCase) as the wire writes them (snake_case).

/** "validUntil" as "valid_until". Header names such as "Idempotency-Key" stay as they are. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before, letter) => `${before}_${letter.toLowerCase()}`);
}
