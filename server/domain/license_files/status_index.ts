// The index of a license file in a status list. A list has the files of one product, so that it is signed with the key of it.

/** Files of a list: 16 KB before compression. */
export const LIST_SIZE = 131_072;

/** A row of `license_statuses`. */
export interface LicenseStatusRow {
  id: number;
  productId: number;
  licenseId: number;
  activationId: number;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

export interface StatusIndex {
  /** The list's name. */
  list: string;
  index: number;
}

export function statusIndexOf({ id, productId }: Pick<LicenseStatusRow, "id" | "productId">): StatusIndex {
  return { list: `${productId}-${Math.floor(id / LIST_SIZE)}`, index: id % LIST_SIZE };
}

/** The product and the first id of a list; null when it is no list's name. */
export function readListName(list: string): { productId: number; firstId: number } | null {
  const [, productId, block] = /^([1-9]\d{0,14})-(0|[1-9]\d{0,9})$/.exec(list) ?? [];
  return productId === undefined
    ? null
    : { productId: Number(productId), firstId: Number(block) * LIST_SIZE };
}
