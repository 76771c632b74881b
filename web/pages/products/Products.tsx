// All products, with what hangs on each.
import { addresses, withQuery } from "../../lib/addresses.ts";
import { useApiQuery } from "../../lib/queries.ts";
import { emptyValue, formatNumber, formatTotal } from "../../lib/format.ts";
import { missingRoleReason } from "../../features/account/session.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { ButtonLink } from "../../ui/Button.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { AddIcon } from "../../ui/icons.ts";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { createListState } from "../../features/lists/list_state.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Product = Outputs["products"]["list"]["rows"][number];

const columns: Column<Product>[] = [
  { id: "name", title: "Name", sort: "name", width: 260, cell: (product) => product.name },
  {
    id: "code",
    title: "Code",
    width: 180,
    cell: (product) => <code class="font-mono">{product.code}</code>,
  },
  {
    id: "latest",
    title: "Last release",
    width: 140,
    cell: (product) => product.latestRelease ?? emptyValue,
  },
  { id: "plans", title: "Plans", width: 100, isNumber: true, cell: (product) => formatNumber(product.plans) },
  {
    id: "licenses",
    title: "Licenses",
    width: 110,
    isNumber: true,
    cell: (product) => formatNumber(product.licenses),
  },
  {
    id: "created",
    title: "Added",
    sort: "id",
    width: 160,
    cell: (product) => <Time at={product.createdAt} />,
  },
];

const filters: Filter[] = [
  { name: "deleted", title: "Deleted", kind: { options: [["true", "Deleted ones instead"]] } },
];

export function Products() {
  const state = createListState("products", filters.map(({ name }) => name));
  const products = useApiQuery("products", "list", () => {
    const { q, sort, cursor, filters } = state.query();
    return { q, sort: sort as "name", cursor, deleted: filters.deleted === "true" || undefined };
  }, { keepPrevious: true });
  return (
    <Page
      title="Products"
      state={products.data &&
        `${formatTotal(products.data)} ${products.data.total === 1 ? "product" : "products"}${
          state.query().filters.deleted ? ", deleted" : ""
        }`}
      actions={
        <ButtonLink
          href={addresses.newProduct()}
          variant="primary"
          disabledReason={missingRoleReason("manager")}
        >
          <AddIcon /> New product
        </ButtonLink>
      }
    >
      <List
        one="product"
        many="products"
        state={state}
        rows={products}
        columns={columns}
        filters={filters}
        defaultSort="name"
        searchedFields="name or code"
        href={({ id }) => addresses.product(id)}
        exportHref={(format) => {
          const { q, sort, filters } = state.query();
          return withQuery("/api/admin/products/export", { format, q, sort, deleted: filters.deleted });
        }}
        empty={
          <Empty
            title="No products yet"
            actions={
              <ButtonLink
                href={addresses.newProduct()}
                variant="primary"
                disabledReason={missingRoleReason("manager")}
              >
                <AddIcon /> New product
              </ButtonLink>
            }
          >
            A product is an app you sell. It has plans, which say what a license allows, and releases, which
            customers download. Begin with the first one.
          </Empty>
        }
      />
    </Page>
  );
}
