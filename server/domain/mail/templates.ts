// The templates that owners have changed. A kind without a row has its standard template.
import { requireRecentOwner, requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { isDomainError, refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import type { Audience, Variable } from "./kinds/definition.ts";
import { definitionOfMail, isCustomerMail, type MailKind, mailKindNames, mailKinds } from "./kinds/kinds.ts";
import { settingOf } from "./kinds/settings.ts";
import { type Brand, type Content, layOut } from "./layout.ts";
import { parseTemplate, type Template, type TemplateText } from "./template.ts";

/** A row of `mail_templates`. */
export interface MailTemplateRow {
  kind: string;
  subject: string;
  body: string;
  updatedAt: Date;
}

export interface DescribedTemplate extends TemplateText {
  kind: MailKind;
  title: string;
  description: string;
  audience: Audience;
  variables: (Pick<Variable, "description"> & { name: string; isRequired: boolean })[];
  standard: TemplateText;
  isChanged: boolean;
  /** Whether the setting lets it be sent; null for mail that is always sent. */
  isOn: boolean | null;
}

/** All kinds of mail with their templates. */
export async function listTemplates(ctx: Context): Promise<DescribedTemplate[]> {
  requireRole(ctx, "owner");
  const rows = await ctx.db<MailTemplateRow[]>`
    select *
    from mail_templates`;
  return mailKindNames.map((kind) => describe(ctx, kind, rows.find((row) => row.kind === kind)));
}

function describe(ctx: Context, kind: MailKind, row: MailTemplateRow | undefined): DescribedTemplate {
  const { title, description, audience, variables, required, subject, body } = mailKinds[kind];
  const standard = { subject, body };
  return {
    kind,
    title,
    description,
    audience,
    variables: Object.entries(variables).map(([name, variable]) => ({
      name,
      description: variable.description,
      isRequired: required.includes(name),
    })),
    ...(row ? { subject: row.subject, body: row.body } : standard),
    standard,
    isChanged: row !== undefined,
    isOn: isCustomerMail(kind) ? ctx.settings[settingOf[kind]] : null,
  };
}

/** The template that an owner saved, as it is used; null where the standard is. */
export async function findTemplate(ctx: Context, kind: MailKind): Promise<Template | null> {
  const [row] = await ctx.db<MailTemplateRow[]>`
    select *
    from mail_templates
    where kind = ${kind}`;
  if (!row) return null;
  try {
    return parseTemplate(mailKinds[kind], row);
  } catch (error) {
    // A later version may know other variables: the mail is sent all the same.
    if (isDomainError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}

/**
 * A template filled in with the samples of its variables.
 *
 * @param options.brand how mail looks
 * @throws DomainError `NOT_FOUND`, `INVALID_REQUEST` with the place of what is wrong
 */
export function previewTemplate(
  ctx: Context,
  { kind, subject, body }: TemplateText & { kind: string },
  { brand }: { brand: Brand },
): Content {
  requireRole(ctx, "owner");
  return layOutSample(kind, { subject, body }, brand);
}

/** The mail of a kind with the samples of its variables. */
export function layOutSample(kind: string, text: TemplateText | null, brand: Brand): Content {
  const definition = getDefinition(kind);
  const samples = Object.entries(definition.variables).map(([name, { sample }]) => [name, sample] as const);
  return layOut(parseTemplate(definition, text ?? definition), {
    variables: definition.variables,
    values: { ...Object.fromEntries(samples), brand: brand.name },
    brand,
    unsubscribe: definition.audience === "customers"
      ? "https://licenses.example.com/account/unsubscribe/3f9a…"
      : null,
  });
}

function getDefinition(kind: string) {
  return definitionOfMail(kind) ?? refuse("NOT_FOUND", { subject: "mail_template", field: "kind" });
}

/**
 * Saves a template. Mails that are queued already stay as they are.
 *
 * @param input.was the template that was edited; refused when it is another by now
 * @throws DomainError `NOT_FOUND`, `INVALID_REQUEST` with the place of what is wrong, `REAUTHENTICATION_REQUIRED`,
 *   `CONFLICT` when the template was changed since
 */
export async function saveTemplate(
  ctx: Context,
  input: TemplateText & { kind: string; was: TemplateText },
): Promise<void> {
  requireRecentOwner(ctx);
  const definition = getDefinition(input.kind);
  parseTemplate(definition, input);
  const isStandard = input.subject === definition.subject && input.body === definition.body;
  await replaceTemplate(ctx, input, isStandard ? null : input);
}

/**
 * Makes the standard template valid again.
 *
 * @throws DomainError `NOT_FOUND`, `REAUTHENTICATION_REQUIRED`, `CONFLICT` when the template was changed since
 */
export async function resetTemplate(ctx: Context, input: { kind: string; was: TemplateText }): Promise<void> {
  requireRecentOwner(ctx);
  getDefinition(input.kind);
  await replaceTemplate(ctx, input, null);
}

async function replaceTemplate(
  ctx: Context,
  { kind, was }: { kind: string; was: TemplateText },
  text: TemplateText | null,
): Promise<void> {
  const standard = getDefinition(kind);
  await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.db<MailTemplateRow[]>`
      select *
      from mail_templates
      where kind = ${kind}
      for update`;
    const before = row ?? standard;
    const isSame = before.subject === was.subject && before.body === was.body;
    const changed = isSame && (text
      ? await ctx.db`
        insert into mail_templates (kind, subject, body, updated_at)
        values (${kind}, ${text.subject}, ${text.body}, ${ctx.now})
        on conflict on constraint mail_templates_pkey do update
        set subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at
        -- Of two owners who are the first to save, the second sees what the other has saved.
        where mail_templates.subject = ${was.subject} and mail_templates.body = ${was.body}`
      : await ctx.db`
        delete from mail_templates
        where kind = ${kind}`);
    if (changed === false || text && changed.count === 0) {
      refuse("CONFLICT", { reason: "changed_since", subject: "mail_template" });
    }
    const after = text ?? standard;
    await recordEvent(ctx, {
      type: "settings.template_changed",
      subjectId: 0,
      before: { template: kind, title: before.subject, body: before.body },
      after: { template: kind, title: after.subject, body: after.body },
    });
  });
}
