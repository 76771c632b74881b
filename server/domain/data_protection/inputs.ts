// Input of erasures.
import { z } from "zod";

export const erasureConfirmation = z.strictObject({
  confirmation: z.string().max(255).describe("The name of the customer or user, as it is stored"),
});
