// Input of users: creating, editing and listing them, sending links, and assigning licenses.
import { z } from "zod";
import { email, id, line, notes, tags } from "../input_fields.ts";
import { metadata, metadataFilter } from "../metadata.ts";
import { listInput, tag, timeRange } from "../list_inputs.ts";

export const newUser = z.strictObject({
  email: email.describe("Sign-in email address"),
  name: line(255).describe("Display name"),
  notes: notes.optional(),
  tags: tags.optional(),
  metadata: metadata.optional(),
  password: z.string().min(8).max(1024).optional().describe(
    "Password; without one the user signs in by links",
  ),
});

export const userChanges = newUser.omit({ password: true }).partial();

export const userList = listInput(["id", "email"], {
  disabled: z.boolean().optional().describe("True lists disabled users only, false enabled ones"),
  customerId: id.optional().describe("Users with a license of this customer only"),
  tag,
  metadata: metadataFilter,
  ...timeRange("created", "Created"),
});

export const userLink = z.strictObject({
  purpose: z.enum(["sign_in", "password"]).describe("What the link is for: to sign in, or to set a password"),
});

export const assignment = z.strictObject({
  userId: id.nullable().describe("The user to assign; null removes the assignment"),
});
