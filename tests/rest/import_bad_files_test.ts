// Imports of licenses and of devices from files that are damaged, hostile or written by an unusual program: each is read right,
// or refused with what to do, and then nothing has changed.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { getJob } from "../../server/domain/jobs/job.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { encode, utf16 } from "../support/encodings.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { errorsOf, importerOf, type Table } from "../support/import_tables.ts";
import { realTime } from "../support/real_time.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";
import { row, workbook, zip } from "../support/zip.ts";

const server = await startTestServer();
const ctx = await server.ctx();
await makeProduct(ctx, "stitch");
await makeLicense(ctx, { key: "BAD-FILES-0001", maxActivations: 100 });
const M = 1024 * 1024;

/** The columns of an import, and a row of them that can be imported. */
const tables = {
  licenses: {
    headings: ["Key", "Customer", "Email", "Product code"],
    rowOf: (n: number) => [`BAD-FILE-${1000 + n}`, "Müller und Söhne", "it@mueller.example", "stitch"],
    query: "create_customers=1",
    twice: /^3 Key: is the key of row 2 too$/,
  },
  devices: {
    headings: ["License", "Device", "Version", "Fingerprint"],
    rowOf: (n: number) => ["BAD-FILES-0001", "Jörgs Gerät", "1.2.0", `bad-file-${1000 + n}`],
    query: "",
    twice: /^3 Fingerprint: is that of row 2 too, on the same license$/,
  },
};

/** How many licenses, devices and customers there are, with their names; and events other than those of jobs. */
async function saved() {
  const [counts] = await server.db`
    select
      (select count(*)::integer from licenses) as licenses,
      (select count(*)::integer from activations) as devices,
      (select count(*)::integer from customers) as customers,
      (select count(*)::integer from events where type !~ '^job') as events,
      (select array_agg(distinct name order by name) from customers where name ~ '^M') as licenses_names,
      (select array_agg(distinct machine_name order by machine_name) from activations) as devices_names`;
  return counts;
}

const csv = (rows: string[][], lineEnd = "\n") => rows.map((cells) => cells.join(",") + lineEnd).join("");
const utf8 = (text: string) => new TextEncoder().encode(text);
const encrypted = Uint8Array.from([
  0xd0,
  0xcf,
  0x11,
  0xe0,
  0xa1,
  0xb1,
  0x1a,
  0xe1,
  ...new Uint8Array(504),
  ...utf16("EncryptedPackage", true),
]);

for (const what of ["licenses", "devices"] as const) {
  const { headings, rowOf, query, twice } = tables[what];
  const { headers, send, imported } = await importerOf(server, what);
  const sheet = row(...headings);

  /** Sends a file that is refused; nothing may change. */
  const refusedAs = async (name: string, file: Table, expected: RegExp) => {
    const before = await saved();
    const { status, body } = await send(file, query);
    if (status === 202) {
      await runRequestedJobs(ctx, realTime);
      const { state, error } = await getJob(ctx, body.job_id);
      assert.deepEqual([state, expected.test(error!)], ["failed", true], `${name}: ${error}`);
    } else {
      assert.equal(status, 400, `${name}: ${JSON.stringify(body)}`);
      assert.match(body.error.message, expected, `${name}: ${body.error.message}`);
    }
    assert.deepEqual(await saved(), before, name);
  };

  test(`${what} are imported letter for letter, whatever encoding and line ends a program writes`, async () => {
    const files: [name: string, encodeFile: (text: string) => Table, lineEnd?: string][] = [
      ["UTF-16 LE", (text) => utf16("\ufeff" + text, true)],
      ["UTF-16 BE", (text) => utf16("\ufeff" + text, false)],
      ["Latin-1", (text) => encode(text, "windows-1252")],
      ["UTF-8 with a mark", (text) => utf8("\ufeff" + text)],
      ["CR only", utf8, "\r"],
      ["NUL bytes", (text) => utf8(text.replaceAll("r", "r\0"))],
    ];
    for (const [at, [name, encodeFile, lineEnd]] of files.entries()) {
      const before = await saved();
      const body = await imported(encodeFile(csv([headings, rowOf(at)], lineEnd)), query);
      assert.deepEqual([body.imported, errorsOf(body)], [1, []], name);
      assert.equal((await saved())[what], before[what] + 1, name);
      assert.deepEqual((await saved())[`${what}Names`], [rowOf(at)[1]], name);
    }
  });

  test(`${what}: a file that is no table, or too much of one, is refused with what to do`, async () => {
    const good = workbook(sheet + row(...rowOf(99)));
    const bomb = workbook(sheet + "<row/>".repeat(8_000_000));
    const long = "a".repeat(2 * M);
    const files: [name: string, file: Table, expected: RegExp][] = [
      ["empty", "", /^Send a CSV or Excel file/],
      ["blank", " \n\n \n", /is empty\. Choose/],
      ["a mark only", utf8("\ufeff"), /is empty\. Choose/],
      ["headings only", csv([headings]), /no data rows\. Add/],
      ["without headings", csv([rowOf(99)]), /no data rows\. Add|needs a column/],
      ["one line", long, /more than 100,000 characters/],
      ["a line of 2 MB", csv([headings, rowOf(99), [long]]), /in line 3 has more than 100,000 characters/],
      ["a line of a million cells", csv([headings, ["a,".repeat(M)]]), /columns in line 2/],
      ["a quote of 2 MB", csv([headings, rowOf(99), [`"${long}`]]), /opened in line 3 is never closed/],
      ["NUL bytes only", new Uint8Array(5000), /not a table\. Send CSV/],
      [
        "no sheet",
        workbook("", { parts: { "xl/workbook.xml": "<workbook><sheets/></workbook>" } }),
        /no header row\. Write/,
      ],
      ["an empty sheet", workbook(""), /no header row\. Write/],
      ["headings only in a sheet", workbook(sheet), /no data rows\. Add/],
      ["a ZIP", zip({ "a.txt": "a" }), /not a table\. Send CSV/],
      ["half a workbook", good.slice(0, good.length / 2), /damaged or incomplete\. Open it/],
      ["a password", encrypted, /protected by a password\. Save it without/],
      ["unpacks to much", bomb, /unpacks to more than .* Save the sheet as CSV/],
      ["unpacks to more than it says", workbook(sheet + "<row/>".repeat(M), { claimed: 1000 }), /damaged/],
    ];
    for (const [name, file, expected] of files) await refusedAs(name, file, expected);
  });

  test(`${what}: a file beyond the limit is refused with the limit before it is received`, async () => {
    const before = await saved();
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      socket.on("error", reject).on("data", (data) => {
        if (!String(data).includes("}}")) return;
        resolve(String(data));
        socket.destroy();
      });
      socket.write(
        `POST /api/admin/${what}/import HTTP/1.1\r\nHost: a\r\nAuthorization: ${headers.authorization}\r\n` +
          `Content-Type: text/csv\r\nContent-Length: ${50 * M + 1}\r\n\r\n`,
      );
    });
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /PAYLOAD_TOO_LARGE/);
    assert.match(answer, /has more than 50 MiB\. Split it/);
    assert.deepEqual(await saved(), before);
  });

  test(`${what}: a row that is twice in a file is saved once, also by two imports of it at once`, async () => {
    const before = await saved();
    const table = csv([headings, rowOf(50), rowOf(50)]);
    const results = await Promise.all([imported(table, query), imported(table, query)]);
    const [second, first] = results.toSorted((a, b) => a.imported - b.imported);
    assert.deepEqual([first.imported, second.imported], [1, 0]);
    assert.match(errorsOf(first).join(), twice);
    assert.equal(second.failed, 2);
    assert.equal((await saved())[what], before[what] + 1);
  });
}
