// The demo's jobs: requested by its administrator, run by the worker when it starts.
import type { Context } from "../domain/context.ts";
import { createCustomer } from "../domain/customers/customers.ts";
import { requestJob, storeFile } from "../domain/jobs/job.ts";
import { requestLicenses } from "../domain/licenses/issue_many.ts";

/** A table with valid and invalid rows. */
const table = `Name,Type,City,Country,Contact name,Contact email
Alder Craft Academy,university,Graz,Austria,Lena Moser,lena.moser@alder.example
Bexley Signs,company,Bexley,England,Owen Hart,owen.hart@bexley.example
Corvina Costumes,company,Budapest,Hungary,Zsofia Nagy,zsofia.nagy@corvina
,company,Lille,France,Marc Petit,marc.petit@lille.example
Dunmore College,school,Dunmore,Ireland,Aoife Byrne,aoife.byrne@dunmore.example
Estrela Textiles,company,Lisbon,Portugal,Ines Rocha,ines.rocha@estrela.example
`;

export async function loadJobs(ctx: Context, productId: number, planId: number): Promise<void> {
  const customer = await createCustomer(ctx, { name: "Merrow Resellers", email: "orders@merrow.example" });
  await requestLicenses(ctx, { customerId: customer.id, productId, planId, count: 12 });
  const job = await requestJob(ctx, { kind: "import_leads", input: { dryRun: false }, total: null });
  await storeFile(ctx, job.id, chunks());
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode(table));
}
