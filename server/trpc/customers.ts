// Customers: who bought, and their numbers.
import * as customers from "../domain/customers/customers.ts";
import { customerChanges, customerList, newCustomer } from "../domain/customers/inputs.ts";
import { manager, oneId, router, viewer } from "./trpc.ts";

export const customersRouter = router({
  list: viewer.input(customerList).query(({ ctx: { ctx }, input }) => customers.listCustomers(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => customers.getCustomer(ctx, input.id)),
  stats: viewer.input(oneId).query(({ ctx: { ctx }, input }) => customers.getCustomerStats(ctx, input.id)),
  create: manager.input(newCustomer).mutation(({ ctx: { ctx }, input }) =>
    customers.createCustomer(ctx, input)
  ),
  edit: manager.input(oneId.extend({ changes: customerChanges })).mutation(({ ctx: { ctx }, input }) =>
    customers.editCustomer(ctx, input.id, input.changes)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => customers.deleteCustomer(ctx, input.id)),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    customers.restoreCustomer(ctx, input.id)
  ),
});
