// What a webhook's form holds, and what is sent of it.

export interface Header {
  name: string;
  value: string;
}

export interface WebhookValues {
  url: string;
  description: string;
  eventTypes: string[];
  /** Null leaves those that are set as they are. */
  headers: Header[] | null;
}

/** The terms as the server takes them: headers by name, empty rows left out. */
export function toInput({ headers, ...terms }: WebhookValues) {
  const given = headers?.filter(({ name, value }) => name.trim() !== "" || value !== "");
  return {
    ...terms,
    url: terms.url.trim(),
    description: terms.description.trim(),
    headers: given && Object.fromEntries(given.map(({ name, value }) => [name.trim(), value])),
  };
}
