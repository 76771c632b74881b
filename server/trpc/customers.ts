// Customers: who bought, and their numbers.
import * as customers from "../domain/customers/customers.ts";
import { listCustomers } from "../domain/customers/list.ts";
import { getCustomerStats } from "../domain/customers/statistics.ts";
import { listDuplicates } from "../domain/customers/duplicates.ts";
import {
  customerChanges,
  customerList,
  customerMerge,
  customerMergePreview,
  newCustomer,
} from "../domain/customers/inputs.ts";
import { getCustomerUsage } from "../domain/meters/customer_usage.ts";
import { mergeCustomers, previewMerge } from "../domain/customer_merge/merge.ts";
import { erasePersonalData } from "../domain/data_protection/erase.ts";
import { exportPersonalData } from "../domain/data_protection/export.ts";
import { erasureConfirmation } from "../domain/data_protection/inputs.ts";
import { describeConflict } from "../request/conflict_messages.ts";
import { deleteConflict } from "./delete_conflict.ts";
import { editOf, manager, oneId, owner, router, viewer } from "./trpc.ts";

export const customersRouter = router({
  list: viewer.input(customerList).query(({ ctx: { ctx }, input }) => listCustomers(ctx, input)),
  get: viewer.input(oneId).query(({ ctx: { ctx }, input }) => customers.getCustomer(ctx, input.id)),
  stats: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getCustomerStats(ctx, input.id)),
  usage: viewer.input(oneId).query(({ ctx: { ctx }, input }) => getCustomerUsage(ctx, input.id)),
  create: manager.input(newCustomer).mutation(({ ctx: { ctx }, input }) =>
    customers.createCustomer(ctx, input)
  ),
  edit: manager.input(editOf(customerChanges)).mutation(({ ctx: { ctx }, input }) =>
    customers.updateCustomer(ctx, input)
  ),
  delete: manager.input(oneId).mutation(({ ctx: { ctx }, input }) => customers.deleteCustomer(ctx, input.id)),
  deleteConflict: deleteConflict(customers.findCustomerDeleteConflict),
  restore: manager.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    customers.restoreCustomer(ctx, input.id)
  ),
  duplicates: viewer.input(oneId).query(({ ctx: { ctx }, input }) => listDuplicates(ctx, input.id)),
  mergePreview: viewer.input(oneId.extend(customerMergePreview.shape)).query(
    async ({ ctx: { ctx }, input }) => {
      const preview = await previewMerge(ctx, input);
      return { ...preview, conflict: preview.conflict && describeConflict(preview.conflict) };
    },
  ),
  merge: manager.input(oneId.extend(customerMerge.shape)).mutation(({ ctx: { ctx }, input }) =>
    mergeCustomers(ctx, input)
  ),
  exportPersonalData: owner.input(oneId).mutation(({ ctx: { ctx }, input }) =>
    exportPersonalData(ctx, { kind: "customer", id: input.id })
  ),
  erase: owner.input(oneId.extend(erasureConfirmation.shape)).mutation(({ ctx: { ctx }, input }) =>
    erasePersonalData(ctx, { kind: "customer", id: input.id, confirmation: input.confirmation })
  ),
});
