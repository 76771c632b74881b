// Tables as people send them (tests/data/imports), each imported over HTTP: the leads that come of it, or the refusal.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { makeAdministrator } from "../support/administrators.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const folder = fileURLToPath(new URL("../data/imports", import.meta.url));
const server = await startTestServer();
const { token } = await makeAdministrator(server, "manager");

interface Lead {
  name: string;
  stage: string;
  city: string | null;
  country: string | null;
  notes: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
}

async function send(file: string, dryRun: boolean, mapping?: object) {
  const query = new URLSearchParams({ dry_run: dryRun ? "1" : "0" });
  if (mapping) query.set("mapping", JSON.stringify(mapping));
  const response = await fetch(`${server.url}/leads/import?${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    body: await Deno.readFile(`${folder}/${file}`),
  });
  return { status: response.status, body: await response.json() };
}

/** Imports a file; the leads, and the report of the dry run, which must say the same as the import. */
async function importFile(file: string, mapping?: object) {
  const [{ max }] = await server.db`select coalesce(max(id), 0) as max from institutions`;
  const dry = await send(file, true, mapping);
  assert.equal(dry.status, 200, JSON.stringify(dry.body));
  const { status, body } = await send(file, false, mapping);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    [body.imported, body.failed, body.errors],
    [dry.body.imported, dry.body.failed, dry.body.errors],
  );
  const leads = await server.db<Lead[]>`
    select i.name, stage, city, country, notes, k.name as contact_name, k.email, k.phone
    from institutions i
    left join contacts k on k.institution_id = i.id
    where i.id > ${max}
    order by i.id`;
  return { leads: [...leads], report: dry.body };
}

const pick = <Name extends keyof Lead>(leads: Lead[], ...names: Name[]) =>
  leads.map((lead) => names.map((name) => lead[name]));
const codes = ({ table }: { table: { warnings: { code: string; line: number }[] } }) =>
  table.warnings.map(({ code, line }) => `${code} ${line}`);

const mueller = {
  name: "Müller & Söhne GmbH",
  stage: "new",
  city: "Köln",
  country: "Österreich",
  notes: "",
  contactName: "Jörg Groß",
  email: "joerg@mueller.example",
  phone: "+49 221 1",
};
const cafe = {
  name: "Café Ñandú",
  stage: "contacted",
  city: "São Paulo",
  country: "Brasil",
  notes: "",
  contactName: "José Peña",
  email: "jose@nandu.example",
  phone: "+55 11 2",
};

for (
  const file of [
    "01_latin1.csv",
    "02_cp1252_euro.csv",
    "03_utf16le_bom.csv",
    "04_utf16be_bom.csv",
    "05_utf16le_tab_unicode_text.txt",
    "06_utf8_bom_semicolon.csv",
    "07_tabs.tsv",
    "08_pipe.csv",
    "09_sep_line.csv",
    "12_title_rows.csv",
    "20_cr_only.csv",
  ]
) {
  test(`${file} has the two leads, letter for letter`, async () => {
    const { leads } = await importFile(file);
    const second = file.startsWith("02") ? { ...cafe, name: "“Café” – 5€ Ñandú" } : cafe;
    assert.deepEqual(leads.map((lead) => ({ ...lead })), [mueller, second]);
  });
}

/** What comes of a file: its mapping, the columns that are compared, and their values. */
const outcomes: [file: string, columns: (keyof Lead)[], rows: unknown[][], mapping?: object][] = [
  ["10_quoted_newlines.csv", ["name", "city", "notes"], [
    ["Acme Europe", "Paris", 'Line one\nLine two, with comma\n\n"quoted" line'],
  ]],
  ["14_german_headers.csv", ["name", "city", "contactName", "email"], [
    ["Bär AG", "Zürich", "Urs Bär", "urs@baer.example"],
  ], { Firma: "Name", Ort: "City", Ansprechpartner: "Contact name", "E-Mail": "Contact email" }],
  ["21_bare_quotes.csv", ["name"], [['Joe "The Plumber" Inc'], ['Pipe 5" Supply'], ["Good"]]],
  ["22_backslash_quotes.csv", ["name", "notes"], [['Acme "Best" Ltd', "n"], ["Good", "ok"]]],
  ["24_nul_bytes.csv", ["name"], [["Acme"], ["Good"]]],
  ["25_trailing_commas.csv", ["name", "city"], [["Acme", "Paris"], ["Beta", "Rome"], ["Gamma", null]]],
  ["26_extra_spaces_nbsp.csv", ["name", "email", "stage"], [["Nbsp Co", "n@b.example", "qualified"]]],
  ["27_comma_in_quoted_header_semicolon.csv", ["name", "city", "email"], [["Acme", "Paris", "a@b.example"]], {
    "Name (legal, full)": "Name",
    "City, state": "City",
  }],
  ["33_shift_jis.csv", ["name", "city"], [["株式会社テスト", "東京"]]],
  ["34_lf_in_header.csv", ["name", "email", "city"], [["A", "a@b.example", "Rome"]]],
  ["35_semicolon_decimal.csv", ["name", "notes", "city"], [["Acme", "1,5 Mio, Umsatz, gut", "Bonn"]]],
  ["50_dates.xlsx", ["name", "city", "notes", "phone"], [
    ["Date Co", "Rome", "2026-03-31 14:30", "491701234567"],
    ["Date2", "2024-02-29", "09:05", "49000000000"],
  ]],
  ["51_merged.xlsx", ["name", "city"], [["M1", "Merged city"], ["M2", "Merged city"], ["M3", "Merged city"]]],
  ["52_title_merged.xlsx", ["name", "city", "phone"], [["T1", "Rome", "1"]]],
  ["53_several_sheets_data_second.xlsx", ["name", "city"], [["Second sheet co", "Rome"]]],
  ["54_first_sheet_empty.xlsx", ["name", "city"], [["After empty co", "Rome"]]],
  ["55_hidden_first.xlsx", ["name"], [["Visible co"]]],
  ["57_formulas_uncached.xlsx", ["name", "city", "notes"], [["Plain", "x", ""]]],
  ["59_offset.xlsx", ["name", "city"], [["Offset co", "Rome"]]],
  ["60_hyperlinks.xlsx", ["name", "email"], [["Link co", "l@x.example"]]],
  ["61_richtext.xlsx", ["name", "city"], [["Rich Bold Co", "line1 line2"]]],
  ["64_escapes.xlsx", ["name", "city"], [["esc", "a b"], ["Emoji 💻 🏢", "São"]]],
  ["80_biff8.xls", ["name", "city", "notes"], [["Old Excel Co", "Köln", "2026-03-31"], [
    "Müller",
    "Bonn",
    "x",
  ]]],
  ["81.ods", ["name", "city", "notes"], [["Old Excel Co", "Köln", "2026-03-31"], ["Müller", "Bonn", "x"]]],
  ["82.xlsb", ["name", "city", "notes"], [["Old Excel Co", "Köln", "2026-03-31"], ["Müller", "Bonn", "x"]]],
];

for (const [file, columns, rows, mapping] of outcomes) {
  test(`${file} is imported as Excel shows it`, async () => {
    const { leads } = await importFile(file, mapping);
    assert.deepEqual(pick(leads, ...columns), rows);
  });
}

test("What is read in one of several ways is warned of, by line", async () => {
  for (
    const [file, warnings] of [
      ["21_bare_quotes.csv", ["stray_quote 2", "stray_quote 3"]],
      ["22_backslash_quotes.csv", ["backslash_quote 2"]],
      ["24_nul_bytes.csv", ["control_characters 2"]],
      ["25_trailing_commas.csv", ["extra_cells 3"]],
      ["13_dup_headers.csv", ["duplicate_heading 1", "duplicate_heading 1", "duplicate_heading 1"]],
      [
        "57_formulas_uncached.xlsx",
        Array(3).fill("formula_without_result 2").concat("formula_without_result 3"),
      ],
    ] as const
  ) assert.deepEqual(codes((await send(file, true)).body), warnings, file);
});

test("Rows that cannot be imported are named, and no other row fails with them", async () => {
  const { body: quoted } = await send("10_quoted_newlines.csv", true);
  assert.deepEqual(
    quoted.errors.map(({ line, field }: { line: number; field: string }) => [line, field]),
    [[7, "Contact email"]],
  );
  const { body: formulas } = await send("57_formulas_uncached.xlsx", true);
  assert.deepEqual(formulas.errors, [{ line: 2, field: "Name", message: "is required" }]);
  const { body: dates } = await send("50_dates.xlsx", true);
  assert.deepEqual(dates.errors.map(({ line }: { line: number }) => line), [4], "TRUE is no email address");
  assert.deepEqual(dates.preview[2].values, ["2024", "0.3", "30:00:00", "TRUE", "1000000000000000000000"]);
});

test("Columns of one name are told apart, and the first is taken unless another is mapped", async () => {
  const { body } = await send("13_dup_headers.csv", true);
  assert.deepEqual(
    body.columns.map(({ name, column }: { name: string; column: string | null }) => [name, column]),
    [
      ["Name", "Name"],
      ["Name (2)", null],
      ["City", "City"],
      ["City (2)", null],
      ["Contact email", "Contact email"],
      ["Contact email (2)", null],
    ],
  );
  const { leads } = await importFile("13_dup_headers.csv", {
    Name: null,
    "Name (2)": "Name",
    "City (2)": "City",
  });
  assert.deepEqual(pick(leads, "name", "city"), [["Alpha Ltd", null], ["Beta", "Turin"]]);
});

test("Columns with unknown headings are offered for mapping", async () => {
  for (
    const [file, headings, separator] of [
      [
        "14_german_headers.csv",
        ["Firma", "Ort", "Land", "Ansprechpartner", "E-Mail", "Telefon", "Bemerkung"],
        ";",
      ],
      [
        "27_comma_in_quoted_header_semicolon.csv",
        ["Name (legal, full)", "City, state", "Contact email"],
        ";",
      ],
    ] as const
  ) {
    const { status, body } = await send(file, true);
    assert.equal(status, 200);
    assert.deepEqual(body.columns.map(({ heading }: { heading: string }) => heading), headings);
    assert.equal(body.table.separator, separator);
  }
});

test("Text that looks like a formula is imported as it is and defused when it is exported", async () => {
  const { leads } = await importFile("16_formulas.csv");
  assert.deepEqual(pick(leads, "name", "notes").slice(0, 2), [
    ['=HYPERLINK("http://evil.example","x")', "=1+1"],
    ["@SUM(A1)", "-5"],
  ]);
  assert.equal(leads.length, 3);
  const exported = await fetch(`${server.url}/leads/export?format=csv`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.doesNotMatch(await exported.text(), /(?:^|[,"\n])[=@]/);
});

test("A workbook says which sheets it has, and which of them is read", async () => {
  const { body } = await send("53_several_sheets_data_second.xlsx", true);
  assert.equal(body.table.sheet, "Leads");
  assert.deepEqual(body.table.sheets.map(({ name }: { name: string }) => name), ["Instructions", "Leads"]);
  const hidden = await send("55_hidden_first.xlsx", true);
  assert.deepEqual(hidden.body.table.sheets.map(({ hidden }: { hidden: boolean }) => hidden), [true, false]);
});

for (
  const [file, problem, line] of [
    ["18_only_bom.csv", "empty"],
    ["19_header_only.csv", "no_rows"],
    ["23_unclosed_quote.csv", "unclosed_quote", 2],
    ["31_html_as_xls.xls", "web_page"],
    ["65_zip_not_xlsx.xlsx", "other_format"],
    ["66_truncated.xlsx", "damaged"],
  ] as const
) {
  test(`${file} is refused with the reason`, async () => {
    const { status, body } = await send(file, false);
    assert.equal(status, 400, JSON.stringify(body));
    const expected = { field: "file", reason: "unreadable", problem, ...(line ? { line } : {}) };
    assert.deepEqual(body.error.details, expected);
    if (line) assert.match(body.error.message, new RegExp(`line ${line}\\b`));
  });
}

test("Every file of the folder has its test", async () => {
  const source = await Deno.readTextFile(fileURLToPath(import.meta.url));
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.deepEqual(files.filter((name) => !source.includes(name)), []);
  assert.equal(files.length, 44);
});

test("The server stops without an error", () => server.stop());
