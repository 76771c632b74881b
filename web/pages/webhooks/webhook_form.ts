// The values of a webhook's form, and their conversion to the API's input.

export interface Header {
  name: string;
  value: string;
}

export interface WebhookValues {
  url: string;
  description: string;
  /** The dialect that writes the bodies. */
  format: string;
  eventTypes: string[];
  /** Null keeps the headers that are set. */
  headers: Header[] | null;
  /** Changes when the headers that are set are replaced. */
  headersRevision?: string;
}

/** Converts the values: headers by name, without empty rows. */
export function toInput({ headers, headersRevision: _, ...terms }: WebhookValues) {
  const given = headers?.filter(({ name, value }) => name.trim() !== "" || value !== "");
  return {
    ...terms,
    url: terms.url.trim(),
    description: terms.description.trim(),
    headers: given && Object.fromEntries(given.map(({ name, value }) => [name.trim(), value])),
  };
}
