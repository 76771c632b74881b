// The list of products.
import { CreateLink } from "../../features/account/CreateLink.tsx";
import { deletedFilter } from "../../features/deletion/deleted_filter.ts";
import { CountedLicenses } from "../../features/licenses/CountedLicenses.tsx";
import { useList } from "../../features/lists/use_list.ts";
import { addresses } from "../../lib/addresses.ts";
import { emptyValue, formatNumber, formatTotalOf } from "../../lib/format.ts";
import type { Outputs } from "../../lib/trpc.ts";
import { Empty } from "../../ui/Empty.tsx";
import { List } from "../../ui/list/List.tsx";
import type { Column, Filter } from "../../ui/list/list.ts";
import { Page } from "../../ui/Page.tsx";
import { Time } from "../../ui/Time.tsx";

type Product = Outputs["products"]["list"]["rows"][number];

const columns: Column<Product>[] = [
  { id: "name", title: "Name", isText: true, sort: "name", width: 260, cell: (product) => product.name },
  {
    id: "code",
    title: "Code",
    isText: true,
    width: 180,
    cell: (product) => <code class="font-mono">{product.code}</code>,
  },
  {
    id: "latest",
    title: "Latest release",
    width: 140,
    cell: (product) => product.latestRelease ?? emptyValue,
  },
  { id: "plans", title: "Plans", width: 100, isNumber: true, cell: (product) => formatNumber(product.plans) },
  {
    id: "licenses",
    title: "Licenses",
    width: 110,
    isNumber: true,
    cell: (product) => <CountedLicenses {...product} />,
  },
  {
    id: "created",
    title: "Created",
    sort: "id",
    width: 160,
    cell: (product) => <Time at={product.createdAt} />,
  },
];

const filters: Filter[] = [
  deletedFilter,
];

export function Products() {
  const list = useList("products", { filters, defaultSort: "name" });
  const create = () => <CreateLink href={addresses.newProduct()}>New product</CreateLink>;
  return (
    <Page
      title="Products"
      state={list.rows.data &&
        `${formatTotalOf(list.rows.data, "product")}${list.input().deleted ? " · deleted" : ""}`}
      actions={create()}
    >
      <List
        {...list}
        one="product"
        many="products"
        columns={columns}
        searchedFields="name or code"
        href={({ id }) => addresses.product(id)}
        empty={
          <Empty title="No products yet" actions={create()}>
            A product is an app you sell. Its plans set the terms of licenses; its releases are what customers
            download.
          </Empty>
        }
      />
    </Page>
  );
}
