// Clients that send damaged, bomb-like and endless tables, in a process of their own, so that the times of other requests are
// those of the server. Arguments: the address, the token, the number of clients, and how many uploads each sends, one after
// the other. Prints the answers by kind.
import { row as workbookRow, workbook } from "../support/zip.ts";

/** What the clients print. */
export interface UploadReport {
  answers: Record<string, number>;
  /** The longest time until an answer; milliseconds. */
  slowest: number;
}

const rows = workbookRow("Name") + "<row/>".repeat(8_000_000);
const bomb = workbook(rows);
const lying = workbook(rows, { claimed: 1000 });
const multipart = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nName\nA';

/** A body that never ends, at 10 MB a second. */
function endless(line: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(line.repeat(Math.ceil(200_000 / line.length)));
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.enqueue(bytes);
    },
  });
}

const uploads: Record<string, () => { type: string; body: BodyInit }> = {
  "a workbook that unfolds": () => ({ type: "application/octet-stream", body: bomb }),
  "a workbook that hides its size": () => ({ type: "application/octet-stream", body: lying }),
  "half of a workbook": () => ({ type: "application/octet-stream", body: bomb.slice(0, bomb.length / 2) }),
  "half of a form": () => ({ type: "multipart/form-data; boundary=B", body: multipart }),
  "an endless table": () => ({ type: "text/csv", body: endless("Name,City\nA,B\n") }),
  "an endless line": () => ({ type: "text/csv", body: endless("x") }),
};

async function sendUploads(url: string, token: string, clients: number, rounds: number) {
  const kinds = Object.entries(uploads);
  const report: UploadReport = { answers: {}, slowest: 0 };
  await Promise.all(Array.from({ length: clients }, async (_, n) => {
    for (let round = 0; round < rounds; round++) {
      const [name, make] = kinds[(n + round) % kinds.length];
      const { type, body } = make();
      const began = performance.now();
      const status = await fetch(`${url}/leads/import`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, accept: "application/json", "content-type": type },
        body,
      }).then(async (response) => {
        await response.body?.cancel();
        return String(response.status);
      }, () => "closed");
      report.slowest = Math.max(report.slowest, Math.round(performance.now() - began));
      const answer = `${name}: ${status}`;
      report.answers[answer] = (report.answers[answer] ?? 0) + 1;
    }
  }));
  return report;
}

if (import.meta.main) {
  const [url, token, clients, rounds] = Deno.args;
  console.log(JSON.stringify(await sendUploads(url, token, Number(clients), Number(rounds))));
}
