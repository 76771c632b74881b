// Forms: validated by the server's schemas, with errors at the fields. Unsaved values are stored as a draft in the
// session storage, and leaving the page asks for confirmation.
import { useBeforeLeave } from "@solidjs/router";
import { createSignal, onCleanup } from "solid-js";
import { createStore, reconcile, unwrap } from "solid-js/store";
import { z } from "zod";
import { toApiError } from "./api_error.ts";
import { differing, type Edit, type FieldDescription, pick, unknownRevision } from "./changes.ts";
import { readDraft, removeDraft, storeDraft } from "./drafts.ts";

// The content security policy forbids eval, which zod would use otherwise.
z.config({ jitless: true });

type Errors = Record<string, string>;

export interface FormOptions<Values extends object, Checked, Result> {
  /** The server's schema of the input. Fields that it does not have are not sent. */
  schema: z.ZodType<Checked>;
  /** The initial values of the fields. */
  start: Values;
  /** For a form that edits an object: the revision of the initial values. It takes over what was saved by `rebase`. */
  edited?: { revision: string };
  /** The name under which a draft is stored, "customer/new". Without it, none is stored. */
  draft?: string;
  /** Saves the parsed input. */
  save(checked: Checked, values: Values): Promise<Result>;
  /** Runs after saving, when the form is no longer dirty. */
  saved?(result: Result, form: Form<Values>): void;
  /** Converts the values of the fields to the schema's input; by default they are used as they are. */
  prepare?(values: Values): unknown;
}

/** Creates the state of a form. Fields read and write it by name. */
export function createForm<Values extends object, Checked, Result>(
  options: FormOptions<Values, Checked, Result>,
): FormState<Values> {
  const draft = readDraft<Values>(options.draft);
  // A field that was changed elsewhere since the draft was stored is known by its earlier value.
  let seen: Values = { ...copyOf(options.start), ...draft?.seen };
  let revision = Object.keys(differing(seen, options.start)).length > 0
    ? unknownRevision
    : options.edited?.revision ?? unknownRevision;
  const descriptions = new Map<string, FieldDescription>();
  const [values, setValues] = createStore<Values>({ ...copyOf(options.start), ...draft?.changed });
  const [errors, setErrors] = createStore<Errors>({});
  const [message, setMessage] = createSignal<string | null>(null);
  const [isSaving, setIsSaving] = createSignal(false);
  const [isDirty, setIsDirty] = createSignal(Object.keys(edit().changed).length > 0);

  function set<Name extends keyof Values & string>(name: Name, value: Values[Name]): void {
    // An object takes the place of the one before; the store alone would keep the entries that it does not have.
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    setValues(name as never, (isObject ? reconcile(value) : value) as never);
    setErrors(
      reconcile(Object.fromEntries(Object.entries(errors).filter(([field]) => !concerns(field, name)))),
    );
    noteChanges();
  }

  function edit(): Edit<Values> {
    return { seen, changed: differing(copyOf(values), seen), revision };
  }

  function noteChanges(): void {
    const { changed } = edit();
    const names = Object.keys(changed);
    setIsDirty(names.length > 0);
    if (names.length === 0) removeDraft(options.draft);
    else storeDraft(options.draft, { changed, seen: pick(seen, names) });
  }

  function rebase(edit: Edit<Values>): void {
    seen = copyOf(edit.seen);
    revision = edit.revision;
    setValues(reconcile(copyOf({ ...edit.seen, ...edit.changed })));
    noteChanges();
  }

  async function submit(event?: Event): Promise<void> {
    event?.preventDefault();
    if (isSaving()) return;
    setMessage(null);
    const now = copyOf(values);
    const checked = options.schema.safeParse(options.prepare ? options.prepare(now) : now);
    if (!checked.success) {
      showErrors(checked.error.issues.map((issue) => [issue.path.join("."), issueMessage(issue)]));
      return;
    }
    setErrors(reconcile({}));
    setIsSaving(true);
    try {
      const result = await options.save(checked.data, now);
      if (!options.edited) {
        seen = now;
        noteChanges();
      }
      options.saved?.(result, form);
    } catch (error) {
      const { message, details } = toApiError(error);
      const field = typeof details.field === "string" ? camel(details.field).replace(/^changes\./, "") : null;
      if (field !== null && field in values) showErrors([[field, message]]);
      else setMessage(message);
    } finally {
      setIsSaving(false);
    }
  }

  function showErrors(found: [field: string, message: string][]): void {
    setErrors(reconcile(Object.fromEntries(found.toReversed())));
    const stray = found.filter(([field]) => !(field in values || field.split(".")[0] in values));
    if (stray.length > 0) setMessage(stray.map(([field, message]) => `${field}: ${message}`).join(" "));
    // The first invalid field is focused once its error is rendered.
    requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  function reset(next: Values = seen): void {
    setErrors(reconcile({}));
    setMessage(null);
    rebase({ seen: next, changed: {}, revision });
  }

  useBeforeLeave((event) => {
    // A change of the query alone (a tab, a filter) keeps the form. Another form of the page may have asked already.
    if (event.defaultPrevented) return;
    if (
      !isDirty() || typeof event.to === "number" || event.to.toString().split("?")[0] === event.from.pathname
    ) return;
    event.preventDefault();
    if (
      confirm("You have unsaved changes. Leave this page? The draft is kept until you close this tab.")
    ) {
      event.retry(true);
    }
  });
  const warn = (event: BeforeUnloadEvent) => isDirty() && event.preventDefault();
  addEventListener("beforeunload", warn);
  onCleanup(() => removeEventListener("beforeunload", warn));

  const form: FormState<Values> = {
    values,
    errors,
    set,
    submit,
    reset,
    edit,
    rebase,
    now: () => copyOf(values),
    describeField: (name, description) => void descriptions.set(name, description),
    descriptionOf: (name) => descriptions.get(name),
    message,
    isSaving,
    isDirty,
    isFromDraft: draft !== null,
  };
  return form;
}

/** A form as fields see it. `set` is a method and not a property, so that a form with more fields is assignable. */
export interface Form<Values extends object> {
  values: Values;
  errors: Errors;
  set<Name extends keyof Values & string>(name: Name, value: Values[Name]): void;
  submit(event?: Event): Promise<void>;
  reset(next?: Values): void;
  /** An error that belongs to no field. */
  message(): string | null;
  isSaving(): boolean;
  isDirty(): boolean;
  /** Whether the initial values come from a draft. */
  isFromDraft: boolean;
  /** Registers what a field is called and how its value is shown where someone else changed it as well. */
  describeField(name: keyof Values & string, description: FieldDescription): void;
}

/** A form with what `createEditForm` needs of it. */
export interface FormState<Values extends object> extends Form<Values> {
  /** The values that were changed, and what they were changed from. */
  edit(): Edit<Values>;
  /** Takes other initial values, with changes of them. */
  rebase(edit: Edit<Values>): void;
  /** A copy of the values. */
  now(): Values;
  descriptionOf(name: string): FieldDescription | undefined;
}

/** A copy. Loaded data may be a store proxy, which structuredClone refuses. */
function copyOf<Values extends object>(values: Values): Values {
  return structuredClone(unwrap(values));
}

function concerns(field: string, name: string): boolean {
  return field === name || field.startsWith(`${name}.`);
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

/** A validation issue as a sentence. */
function issueMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small" && issue.origin === "string" && issue.minimum === 1) {
    return "Required";
  }
  if (issue.code === "too_small" && issue.origin === "array") return "Select at least one.";
  if (issue.code === "invalid_type") {
    return /undefined|null|NaN/.test(issue.message) ? "Required" : issue.message;
  }
  if (issue.code === "too_small") {
    return `At least ${issue.minimum}${issue.origin === "string" ? " characters" : ""}.`;
  }
  if (issue.code === "too_big") {
    return `At most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}.`;
  }
  if (issue.code === "invalid_format" && issue.format === "url") return "Enter a valid URL.";
  const { message } = issue;
  return message.charAt(0).toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? "" : ".");
}
