// One object of each kind that administrators edit, with how it is read and updated by revision.
import { createUser } from "../../server/domain/accounts/users.ts";
import { updateUser } from "../../server/domain/accounts/edit_user.ts";
import { getListedUser } from "../../server/domain/accounts/list_users.ts";
import { getAdministrator } from "../../server/domain/administrators/administrators.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { updateAdministrator } from "../../server/domain/administrators/update.ts";
import type { Context } from "../../server/domain/context.ts";
import { createCustomer, getCustomer, updateCustomer } from "../../server/domain/customers/customers.ts";
import { updateContact } from "../../server/domain/leads/contacts.ts";
import { createLead, getLead, updateLead } from "../../server/domain/leads/leads.ts";
import { assignLicense } from "../../server/domain/licenses/assign.ts";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { updateLicense } from "../../server/domain/licenses/manage.ts";
import { createPlan, getPlan, updatePlan } from "../../server/domain/plans/plans.ts";
import { getProduct, updateProduct } from "../../server/domain/products/products.ts";
import { getRelease, updateRelease } from "../../server/domain/releases/releases.ts";
import { getResource } from "../../server/domain/resources/list.ts";
import { createResource, updateResource } from "../../server/domain/resources/resources.ts";
import { changeSetting, describeSettings } from "../../server/domain/settings/settings.ts";
import { getWebhook } from "../../server/domain/webhooks/list.ts";
import { createWebhook, editWebhook } from "../../server/domain/webhooks/manage.ts";
import { makeLicense, makeProduct, makeRelease } from "./fixtures.ts";

/** An object of a kind, read and changed in one of its fields. */
export interface Subject {
  read(): Promise<{ revision: string }>;
  update(value: never, revision?: string): Promise<unknown>;
  field: string;
  /** Two values, neither of which is the one it has. */
  values: readonly [unknown, unknown];
}

/** Creates one object of each kind that administrators edit. */
export async function makeSubjects(ctx: Context) {
  const product = await makeProduct(ctx);
  const license = await makeLicense(ctx, { productId: product.id });
  const customer = await createCustomer(ctx, { name: "First", email: null });
  const lead = await createLead(ctx, { name: "First", contact: { name: "First" } });
  const [contact] = (await getLead(ctx, lead.id)).contacts;
  const plan = await createPlan(ctx, {
    productId: product.id,
    code: "first",
    name: "First",
    licenseType: "perpetual",
    duration: null,
    maxActivations: 1,
    maxUsers: 1,
    features: [],
  });
  const release = await makeRelease(ctx, product.id, "1.0.0");
  const resource = await createResource(ctx, { type: "server", identifier: "first" });
  const users = [
    await createUser(ctx, { email: "one@example.com", name: "First" }),
    await createUser(ctx, { email: "two@example.com", name: "First" }),
  ];
  const { row: webhook } = await createWebhook(ctx, {
    url: "https://example.com/hooks",
    description: "",
    eventTypes: ["*"],
    headers: { authorization: "first" },
  }, []);
  const administrator = await createAdministrator(ctx, {
    email: "first@example.com",
    name: "First",
    role: "viewer",
    password: "correct horse battery",
  });

  const texts = ["One", "Two"] as const;
  const subjects: Record<string, Subject> = {
    customer: {
      read: () => getCustomer(ctx, customer.id),
      update: (name, revision) => updateCustomer(ctx, { id: customer.id, changes: { name }, revision }),
      field: "name",
      values: texts,
    },
    lead: {
      read: () => getLead(ctx, lead.id),
      update: (stage, revision) => updateLead(ctx, { id: lead.id, changes: { stage }, revision }),
      field: "stage",
      values: ["qualified", "won"],
    },
    contact: {
      read: async () => (await getLead(ctx, lead.id)).contacts[0],
      update: (name, revision) => updateContact(ctx, { id: contact.id, changes: { name }, revision }),
      field: "name",
      values: texts,
    },
    license: {
      read: () => getLicenseById(ctx, license.id),
      update: (maxUsers, revision) => updateLicense(ctx, { id: license.id, changes: { maxUsers }, revision }),
      field: "maxUsers",
      values: [21, 22],
    },
    assignment: {
      read: () => getLicenseById(ctx, license.id),
      update: (userId, revision) => assignLicense(ctx, { id: license.id, userId, revision }),
      field: "userId",
      values: users.map(({ id }) => id) as unknown as [number, number],
    },
    plan: {
      read: () => getPlan(ctx, plan.id),
      update: (features, revision) => updatePlan(ctx, { id: plan.id, changes: { features }, revision }),
      field: "features",
      values: [["a"], ["a", "b"]],
    },
    product: {
      read: () => getProduct(ctx, product.id),
      update: (name, revision) => updateProduct(ctx, { id: product.id, changes: { name }, revision }),
      field: "name",
      values: texts,
    },
    release: {
      read: () => getRelease(ctx, release.id),
      update: (releaseNotes, revision) =>
        updateRelease(ctx, { id: release.id, changes: { releaseNotes }, revision }),
      field: "releaseNotes",
      values: texts,
    },
    resource: {
      read: () => getResource(ctx, resource.id),
      update: (identifier, revision) =>
        updateResource(ctx, { id: resource.id, changes: { identifier }, revision }),
      field: "identifier",
      values: texts,
    },
    user: {
      read: () => getListedUser(ctx, users[0].id),
      update: (name, revision) => updateUser(ctx, { id: users[0].id, changes: { name }, revision }),
      field: "name",
      values: texts,
    },
    webhook: {
      read: () => getWebhook(ctx, webhook.id),
      update: async (description, revision) =>
        await editWebhook(ctx, webhook.id, { description }, [], {}, { revision }),
      field: "description",
      values: texts,
    },
    administrator: {
      read: () => getAdministrator(ctx, administrator.id),
      update: (name, revision) =>
        updateAdministrator(ctx, { id: administrator.id, changes: { name }, revision }),
      field: "name",
      values: texts,
    },
    setting: {
      read: async () => (await describeSettings(ctx)).find(({ name }) => name === "keepStatisticsFor")!,
      update: (value, revision) => changeSetting(ctx, "keepStatisticsFor", value, { revision }),
      field: "value",
      values: [400, 500],
    },
  };
  return { subjects, product, license, customer, lead, resource, webhook, administrator };
}
