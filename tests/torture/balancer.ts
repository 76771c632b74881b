// A load balancer as operators configure one: it asks every server often whether it is ready and sends requests to
// those that are. It repeats nothing.
import { eventually } from "../support/test.ts";
import type { Program } from "./programs.ts";

/** How often each server is asked; milliseconds. */
const INTERVAL = 100;

export interface Balancer {
  /** Resolves when the server is ready and in use. */
  add(server: Program): Promise<void>;
  /** From now on the server may be not ready; it is in use until it says so. */
  expectEnd(server: Program): void;
  /** The server for the request of this number. */
  urlFor(number: number): string;
  /** What servers answered that were not ready although they should be. */
  unexpected: string[];
  stop(): void;
}

interface Member {
  server: Program;
  isReady: boolean;
  wasReady: boolean;
  mayEnd: boolean;
  /** Whether an answer is waited for. */
  isAsked: boolean;
}

export function startBalancer(interval = INTERVAL): Balancer {
  const members = new Set<Member>();
  const unexpected: string[] = [];

  async function ask(member: Member): Promise<void> {
    if (member.isAsked) return;
    member.isAsked = true;
    let answer: string;
    try {
      const response = await fetch(`${member.server.url}/health/ready`);
      answer = `${response.status} ${await response.text()}`;
    } catch (error) {
      answer = `0 ${error}`;
    }
    member.isAsked = false;
    member.isReady = answer.startsWith("200");
    if (member.mayEnd && !member.isReady) members.delete(member);
    else if (!member.isReady && member.wasReady) unexpected.push(answer);
    member.wasReady ||= member.isReady;
  }

  const timer = setInterval(() => {
    for (const member of members) void ask(member);
  }, interval);

  return {
    async add(server) {
      const member = { server, isReady: false, wasReady: false, mayEnd: false, isAsked: false };
      members.add(member);
      await eventually(() => Promise.resolve(member.isReady), 30_000);
    },
    expectEnd(server) {
      for (const member of members) if (member.server === server) member.mayEnd = true;
    },
    urlFor(number) {
      const ready = [...members].filter(({ isReady }) => isReady);
      // Nothing listens there: without a ready server the request fails at once.
      return ready[number % ready.length]?.server.url ?? "http://127.0.0.1:9";
    },
    unexpected,
    stop: () => clearInterval(timer),
  };
}
