// Customers: who bought, and their numbers.
import * as customers from "../domain/customers/customers.ts";
import { listCustomers } from "../domain/customers/list.ts";
import { getCustomerStats } from "../domain/customers/statistics.ts";
import { customerChanges, customerList, newCustomer } from "../domain/customers/inputs.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const customersRouter = router({
  list: viewer.input(customerList).query(({ ctx: { ctx }, input }) => listCustomers(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => customers.getCustomer(ctx, input.id)),
  stats: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getCustomerStats(ctx, input.id)),
  create: manager.input(newCustomer).mutation(({ ctx: { ctx }, input }) =>
    customers.createCustomer(ctx, input)
  ),
  edit: manager.input(oneId.extend({ changes: customerChanges })).mutation(({ ctx: { ctx }, input }) =>
    customers.updateCustomer(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => customers.deleteCustomer(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    customers.restoreCustomer(ctx, input.id)
  ),
});
