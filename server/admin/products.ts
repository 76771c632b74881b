// Products: list, export, create, edit, delete and restore.
import { z } from "zod";
import { newProduct, productChanges, productList } from "../domain/products/inputs.ts";
import { listProducts } from "../domain/products/list.ts";
import {
  createProduct,
  deleteProduct,
  getProduct,
  restoreProduct,
  updateProduct,
} from "../domain/products/products.ts";
import type { Endpoint } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { deletionTimes, integer, metadataField, revisionField, text } from "./schemas.ts";

export const product = z.object({
  id: integer.describe("The product's id"),
  code: text.describe("Code, the identifier used in the API"),
  name: text.describe("Name"),
  ...metadataField,
  ...deletionTimes,
  ...revisionField,
}).meta({ id: "Product" });

export function productEndpoints({ viewer, manager }: Guards): Endpoint[] {
  return [
    ...resourceEndpoints({
      name: { entity: "Product", label: "product" },
      path: "/api/admin/products",
      tag: "Products and plans",
      reads: viewer,
      writes: manager,
      schema: product,
      list: { input: productList, verb: listProducts },
      columns: {
        Id: (row) => row.id,
        Code: (row) => row.code,
        Name: (row) => row.name,
        Licenses: (row) => row.licenses,
      },
      get: getProduct,
      create: { input: newProduct, verb: createProduct },
      update: { input: productChanges, verb: updateProduct },
      delete: deleteProduct,
      restore: restoreProduct,
    }),
  ];
}
