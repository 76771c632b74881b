// The top bar: search, system status and the account menu.
import { useNavigate } from "@solidjs/router";
import { Show } from "solid-js";
import { addresses } from "../lib/addresses.ts";
import { me, signOut } from "../features/account/session.ts";
import { chooseTheme, theme } from "../lib/theme.ts";
import {
  HelpIcon,
  MenuIcon,
  MoonIcon,
  PersonIcon,
  SearchIcon,
  SignOutIcon,
  SunIcon,
  SystemIcon,
} from "../ui/icons.ts";
import { Menu } from "../ui/Menu.tsx";
import { CreateMenu } from "./CreateMenu.tsx";
import { NotificationBell } from "./NotificationBell.tsx";
import { SystemStatus } from "./SystemStatus.tsx";
import { openPalette } from "./palette/palette_state.ts";

export function TopBar(props: { openSidebar(): void }) {
  const navigate = useNavigate();
  async function leave() {
    if (await signOut()) return;
    navigate(addresses.signIn());
  }
  return (
    <header class="sticky top-0 z-20 flex h-12 items-center gap-2 border-b border-line bg-surface px-2 md:px-4 print:hidden">
      <button
        type="button"
        class="inline-flex size-9 touch:size-11 items-center justify-center rounded-md text-muted hover:bg-sunken md:hidden"
        aria-label="Open menu"
        onClick={() => props.openSidebar()}
      >
        <MenuIcon class="size-5" />
      </button>
      <div class="flex min-w-0 flex-1">
        <button
          type="button"
          class="flex h-8 touch:h-11 w-full max-w-md items-center gap-2 rounded-md border border-edge bg-surface px-2.5 text-sm text-muted hover:bg-sunken"
          onClick={() => openPalette(true)}
        >
          <SearchIcon class="size-4 shrink-0" aria-hidden="true" />
          <span class="min-w-0 flex-1 truncate text-left">Search or run a command…</span>
          <kbd class="text-xs max-md:hidden">Ctrl K</kbd>
        </button>
      </div>
      <CreateMenu />
      <NotificationBell />
      <SystemStatus />
      <Menu
        label={`${me()?.name ?? ""}: account menu`}
        class="inline-flex h-8 touch:h-11 max-w-48 items-center gap-1.5 rounded-md px-2 text-sm text-ink hover:bg-sunken"
        items={[
          {
            title: me()?.name ?? "",
            hint: `${me()?.email}, ${me()?.role}`,
            icon: <PersonIcon />,
            href: addresses.profile(),
          },
          { title: "Get started", icon: <HelpIcon />, href: addresses.start() },
          {
            title: "Light theme",
            icon: <SunIcon />,
            isChosen: theme() === "light",
            run: () => chooseTheme("light"),
          },
          {
            title: "Dark theme",
            icon: <MoonIcon />,
            isChosen: theme() === "dark",
            run: () => chooseTheme("dark"),
          },
          {
            title: "System theme",
            icon: <SystemIcon />,
            isChosen: theme() === "system",
            run: () => chooseTheme("system"),
          },
          { title: "Sign out", icon: <SignOutIcon />, run: () => void leave() },
        ]}
      >
        <PersonIcon class="size-4 text-muted" />
        <Show when={me()}>{(person) => <span class="truncate max-sm:sr-only">{person().name}</span>}</Show>
      </Menu>
    </header>
  );
}
