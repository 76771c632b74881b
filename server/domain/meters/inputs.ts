// What a call about a meter gives.
import { z } from "zod";

/** Units of one call. */
export const meterAmount = z.int().min(1).max(1_000_000_000);

/** Seconds until a reservation lapses. */
export const reservationTtl = z.int().min(1).max(3600);
