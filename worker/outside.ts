// What jobs are handed beside their context: the ways out of the house, and the bell.
import type { Ended } from "../server/domain/webhooks/deliver.ts";
import type { Mailer } from "./mailer.ts";
import type { Poster } from "./post.ts";

/** The ways out of the house that jobs use. */
export interface Outside {
  mailer: Mailer;
  /** Where our pages are reached. */
  publicUrl: string;
  post: Poster["post"];
  /** Counts an attempt at a delivery. */
  delivered(ended: Ended, milliseconds: number): void;
  /** Has a job run once for each subject; one that is waiting or running for it already is enough. */
  wake(queue: string, job: string, subjects: number[]): Promise<void>;
  /** Whether the worker was told to stop: a job that could go on for long ends. */
  stopping(): boolean;
}
