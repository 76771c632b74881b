// The columns of exported and imported tables of customers.
import { z } from "zod";
import { line, notes, optionalEmail, tags } from "../input_fields.ts";
import { metadataCell } from "../imports/metadata_cell.ts";
import { pickValues, revisionOf } from "../revision.ts";
import type { Columns } from "../sheets/cells.ts";
import { customerEntity, type CustomerRow } from "./customers.ts";
import type { ListedCustomer } from "./list.ts";

/** The columns of an exported table by heading. An import ignores the numbers and times. */
export const customerColumns: Columns<ListedCustomer> = {
  Id: (customer) => customer.id,
  Name: (customer) => customer.name,
  Email: (customer) => customer.email,
  Licenses: (customer) => customer.licenses,
  Created: (customer) => customer.createdAt,
  Notes: (customer) => customer.notes,
  Tags: (customer) => customer.tags.join(", "),
  Metadata: (customer) =>
    Object.keys(customer.metadata).length === 0 ? null : JSON.stringify(customer.metadata),
  Revision: (customer) => revisionOfRow(customer),
};

/** The revision of a customer as a row of a table. It begins like no formula and no number. */
export function revisionOfRow(customer: CustomerRow): string {
  return `r${revisionOf(pickValues(customer, customerEntity.fields))}`;
}

/** A customer as a row of a table. */
export const tableCustomer = z.strictObject({
  id: z.string().regex(/^[1-9]\d{0,14}$/, "is not an ID").transform(Number).optional(),
  name: line(255),
  email: optionalEmail.optional(),
  notes: notes.optional(),
  tags: z.string().transform((text) => text.split(",")).pipe(tags).optional(),
  metadata: metadataCell.optional(),
  revision: line(100).optional(),
});
export type TableCustomer = z.infer<typeof tableCustomer>;
