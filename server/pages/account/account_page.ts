// The page of a signed-in user: the license, what is used of its meters, and the devices, which can be removed.
import { html } from "hono/html";
import { z } from "zod";
import { removeUserDevice } from "../../domain/entitlements/devices.ts";
import { type Entitlement, findEntitlement } from "../../domain/entitlements/entitlement.ts";
import {
  type DeviceWithFile,
  listDevicesWithFiles,
  mayUseOffline,
} from "../../domain/entitlements/license_files.ts";
import { getUser, type UserRow } from "../../domain/accounts/users.ts";
import type { Context } from "../../domain/context.ts";
import type { CurrentMeter } from "../../domain/meters/meter.ts";
import { listCurrentMeters } from "../../domain/meters/usage.ts";
import { type Answer, pageEndpoint } from "../../request/endpoint.ts";
import { writeDay, writeInstant, writeNumber } from "./dates.ts";
import { pages } from "./form.ts";
import { goTo, page, paths } from "./page.ts";
import { changePage } from "./password_pages.ts";
import { licenseFilePath } from "./license_file_pages.ts";
import type { PageGuards } from "./page_guards.ts";
import { deviceIdOf, userIdOf } from "./signed_in.ts";

interface Account {
  user: UserRow;
  entitlement: Entitlement | null;
  meters: CurrentMeter[];
  devices: DeviceWithFile[];
  /** Whether a license allows use without a connection. */
  isOffline: boolean;
}

function accountPage({ user, entitlement, meters, devices, isOffline }: Account): Answer {
  return page(`Hello, ${user.name}`, [
    html`<p class="quiet">${user.email}</p>
<h2>License</h2>`,
    entitlement
      ? html`
        <dl>
          <dt>Plan</dt>
          <dd>${inWords(entitlement.plan)}</dd>
          <dt>Expires</dt>
          <dd>${entitlement.validUntil ? writeDay(entitlement.validUntil) : "Never expires"}</dd>
          <dt>Devices</dt>
          <dd>${entitlement.currentDevices} of ${entitlement.maxDevices}</dd>
          <dt>Features</dt>
          <dd>${entitlement.features.map(inWords).join(", ") || "–"}</dd>
        </dl>
      `
      : html`<p class="notice bad">You don’t have an active license.</p>`,
    ...meters.length > 0
      ? [html`
        <h2>Usage</h2>
        <ul>${meters.map(meterEntry)}</ul>
      `]
      : [],
    html`<h2>Devices</h2>`,
    devices.length > 0
      ? html`<ul>${devices.map(deviceEntry)}</ul>`
      : html`<p class="quiet">No devices yet. Devices appear after you sign in on them.</p>`,
    isOffline
      ? html`
        <nav>
          <a href="${paths.offline}">Activate a device without a network</a>
          <a href="${paths.removalCode}">Enter a removal code</a>
        </nav>
      `
      : html``,
    html`<nav><a href="${paths.changePassword}">${
      user.passwordHash ? "Change your password" : "Set a password"
    }</a></nav>
<form method="post" action="${paths.signOut}"><button class="plain" type="submit">Sign out</button></form>`,
  ], { wide: true });
}

function meterEntry(meter: CurrentMeter) {
  const { used, reserved, limit } = meter;
  const name = inWords(meter.meter);
  const beyond = used - limit;
  return html`
    <li>
      <span>${name}<br><span class="quiet small">${periodInWords(meter)}</span></span>
      <span class="right">${writeNumber(used)} of ${writeNumber(limit)}${reserved > 0
        ? `, ${writeNumber(reserved)} reserved`
        : ""}<br>
        <progress aria-label="${name}" max="${Math.max(1, limit)}" value="${Math.min(
          used,
          limit,
        )}"></progress>
        ${beyond > 0 ? html`<br><span class="small">${writeNumber(beyond)} over the limit</span>` : ""}
      </span>
    </li>
  `;
}

/** "Until Nov 30, 2026, 25 % overage". */
function periodInWords({ endsOn, overage }: CurrentMeter): string {
  const period = endsOn === null ? "In total" : `Until ${writeDay(endsOn)}`;
  if (overage === null) return `${period}, unlimited overage`;
  return overage > 0 ? `${period}, ${writeNumber(overage)} % overage` : period;
}

function deviceEntry(device: DeviceWithFile) {
  const name = device.machineName ?? "Unknown Device";
  return html`
    <li>
      <span>${name}<br><span class="quiet small">Last seen ${writeInstant(
        device.lastHeartbeat,
      )}${device.fileEnds ? html`<br>License file until ${writeInstant(device.fileEnds)}` : ""}</span></span>
      <div class="acts">
        ${device.mayHaveFile
          ? html`
            <form method="post" action="${licenseFilePath(device.id)}">
              <button class="plain slim" type="submit"
                aria-label="Download license file of ${name}">License file</button>
            </form>
          `
          : ""}
        <form method="post" action="${paths.devices}/${device.id}/remove">
          <button class="plain slim" type="submit" aria-label="Remove ${name}">Remove</button>
        </form>
      </div>
    </li>
  `;
}

/** "wifi_upload" as a label: "Wifi upload". */
function inWords(code: string): string {
  const words = code.replace(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The entitlement of a user, and its meters. */
async function findMeteredEntitlement(
  ctx: Context,
  userId: number,
): Promise<[Entitlement | null, CurrentMeter[]]> {
  const entitlement = await findEntitlement(ctx, userId, null);
  return [entitlement, entitlement?.hasMeters ? await listCurrentMeters(ctx, entitlement.licenseId) : []];
}

export function accountPages(guards: PageGuards) {
  const common = {
    tag: "Account pages",
    dialect: pages,
    guard: guards.user,
    answers: { 200: { description: "An HTML page" } },
  } as const;
  return [
    pageEndpoint({
      ...common,
      method: "get",
      path: paths.account,
      summary: "The user's license and devices",
      async handle({ ctx }) {
        const id = userIdOf(ctx);
        const [user, [entitlement, meters], devices, isOffline] = await Promise.all([
          getUser(ctx, id),
          findMeteredEntitlement(ctx, id),
          listDevicesWithFiles(ctx, id),
          mayUseOffline(ctx, id),
        ]);
        return accountPage({ user, entitlement, meters, devices, isOffline });
      },
    }),

    pageEndpoint({
      ...common,
      method: "post",
      path: `${paths.devices}/{id}/remove`,
      summary: "Removes a device",
      params: z.object({ id: z.string().describe("The device's id") }),
      async handle({ ctx, params }) {
        await removeUserDevice(ctx, { userId: userIdOf(ctx), activationId: deviceIdOf(params.id) });
        return goTo(paths.account);
      },
    }),

    pageEndpoint({
      ...common,
      method: "get",
      path: paths.changePassword,
      summary: "The page to change the password",
      handle: async ({ ctx }) => changePage((await getUser(ctx, userIdOf(ctx))).passwordHash !== null),
    }),
  ];
}
