// Input of users: creating, editing and listing them, sending links, and assigning licenses.
import { z } from "zod";
import { email, id, line } from "../input_fields.ts";
import { listInput } from "../list_inputs.ts";

export const newUser = z.strictObject({
  email: email.describe("The address to sign in with"),
  name: line(255).describe("Display name"),
  password: z.string().min(8).max(1024).optional().describe("Without one the user signs in by links"),
});

export const userChanges = newUser.omit({ password: true }).partial();

export const userList = listInput(["id", "email"], {
  disabled: z.boolean().optional().describe("Disabled, or enabled"),
  customerId: id.optional().describe("Having a license of this customer"),
});

export const userLink = z.strictObject({
  purpose: z.enum(["sign_in", "password"]).describe("What the link is for: to sign in, or to set a password"),
});

export const assignment = z.strictObject({
  userId: id.nullable().describe("The user it is assigned to; null removes the assignment"),
});
