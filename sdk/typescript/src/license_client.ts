// The client of an app: its license on this device, known at once without a network, and refreshed in the background.
import { Api } from "./api.ts";
import { checkOptions } from "./check_options.ts";
import { LatchkeyError } from "./errors.ts";
import { KeptRecord } from "./kept_record.ts";
import { sentKey } from "./license_key.ts";
import { Listeners } from "./listeners.ts";
import { type LocalState, localState, type Terms } from "./local_state.ts";
import { checkedFile, isRefused, stateOfNewFile } from "./new_file.ts";
import { writeOfflineRequest } from "./offline_request.ts";
import { type CompleteOptions, type LicenseOptions, withDefaults } from "./options.ts";
import { emptyRecord, withKept } from "./record.ts";
import { keepList, refresh, type Refreshed, refreshList, withFile } from "./refresh.ts";
import { RefreshLoop } from "./refresh_loop.ts";
import { giveBack } from "./removal.ts";
import { Seats } from "./seats.ts";
import { stateOfCode } from "./states.ts";
import { checkForUpdate, type Update } from "./updates.ts";
import { Usage } from "./usage.ts";

/** What is known of the license, and what went wrong while asking. */
export interface LicenseStatus extends LocalState {
  /** Why the server's answer is not known, or what it refused last; null: nothing. */
  error: LatchkeyError | null;
  /** Why the license is kept in memory alone, such as a full disk; null: it is kept. */
  storageError: unknown;
}

/** Seconds between refreshes, at the least and, where the server asks for more, at the most. */
const [SHORTEST_INTERVAL, LONGEST_WAIT] = [60, 86_400];

export class LicenseClient {
  readonly seats: Seats;
  readonly usage: Usage;
  readonly #options: CompleteOptions;
  readonly #api: Api;
  readonly #kept: KeptRecord;
  readonly #loop: RefreshLoop;
  readonly #listeners = new Listeners<LicenseStatus>();
  #turn: Promise<unknown> = Promise.resolve();
  #refreshing: Promise<LicenseStatus> | null = null;
  #error: LatchkeyError | null = null;
  #leaseEnds: number | null = null;

  /** @throws LatchkeyError `INVALID_OPTIONS` */
  constructor(options: LicenseOptions) {
    this.#options = withDefaults(checkOptions(options));
    this.#api = new Api(this.#options);
    this.#kept = new KeptRecord(this.#options.storage);
    const { clock, random } = this.#options;
    this.#loop = new RefreshLoop(clock, random, () => this.refresh().then(() => this.#untilNext()));
    const call = { api: this.#api, device: this.#options.device, licenseKey: () => this.#licenseKey() };
    this.seats = new Seats(call, clock);
    this.usage = new Usage(call, this.#options.version);
  }

  /** The state by what is kept on the device. Refreshing begins in the background; the network is not waited for. */
  async start(): Promise<LicenseStatus> {
    const status = await this.status();
    this.#loop.start();
    return status;
  }

  /** Ends refreshing and waiting calls. */
  stop(): void {
    this.#loop.stop();
    this.seats.stop();
    this.#api.close();
    // Calls that wait for their turn end as well; later ones are made again.
    void this.#turn.then(() => this.#api.open());
  }

  /** The state by what is kept on the device, at this moment. */
  async status(): Promise<LicenseStatus> {
    const { publicKeys: keys, product, version, released, verifySignature: verify, clock, ...options } =
      this.#options;
    const terms: Terms = { ...options, app: { product, version, released }, keys, verify };
    const local = await localState(await this.#kept.read(), terms, Math.floor(clock.now() / 1000));
    return { ...local, error: this.#error, storageError: this.#kept.error };
  }

  /** Calls a listener with each new state. @returns a function that removes it */
  onChange(listener: (status: LicenseStatus) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Asks the server. Two calls at the same time are one request. Never rejects because of the network. */
  refresh(): Promise<LicenseStatus> {
    return this.#refreshing ??= this.#inTurn(() => this.#refresh()).finally(() => this.#refreshing = null);
  }

  /**
   * Activates the license on this device.
   *
   * @param typed the license key as it was typed or pasted
   * @returns the status, also when the server refuses: `limit_reached`, `invalid`, `expired`, `disabled`
   * @throws LatchkeyError when the server was not reached, or refuses for another reason
   */
  activate(typed: string, metadata?: Record<string, unknown>): Promise<LicenseStatus> {
    return this.#inTurn(async () => {
      const licenseKey = sentKey(typed);
      const { device, deviceName, version } = this.#options;
      try {
        await this.#api.post("/api/license/activate", {
          license_key: licenseKey,
          hardware_hash: device.fingerprint,
          machine_name: deviceName ?? "",
          app_version: version,
          components: device.components,
          metadata,
        });
      } catch (error) {
        return await this.#refused(error);
      }
      await this.#kept.change((record) =>
        record.licenseKey === licenseKey
          ? { ...record, refusal: null }
          : { ...withKept(emptyRecord, record), licenseKey }
      );
      return await this.#refresh();
    });
  }

  /** Frees the activation and forgets the license. @throws LatchkeyError; the license stays then */
  deactivate(): Promise<LicenseStatus> {
    return this.#inTurn(async () => {
      await this.#api.post("/api/license/deactivate", await this.#machine());
      await this.#forget();
      return await this.#tell();
    });
  }

  /**
   * Gives the license back without a network: forgets it, and returns the removal code, which is entered in the panel. Called
   * again it returns the same code.
   *
   * @throws LatchkeyError `NOT_ACTIVATED` when there is no license file
   */
  deactivateOffline(): Promise<string> {
    return this.#inTurn(async () => {
      const code = await giveBack(this.#kept, this.#options);
      this.#error = null;
      this.#leaseEnds = null;
      await this.#tell();
      return code;
    });
  }

  /**
   * Gets a license file for the time without a network.
   *
   * @param options.ttl seconds; as long as the license allows by default
   * @param options.encrypt whether only this device can read it
   * @throws LatchkeyError
   */
  checkOut({ ttl, encrypt }: { ttl?: number; encrypt?: boolean } = {}): Promise<LicenseStatus> {
    return this.#inTurn(async () => {
      const { device, version } = this.#options;
      const licenseKey = await this.#licenseKey();
      const { file } = await this.#kept.read();
      const answer = await this.#api.post("/api/license/checkout", {
        license_key: licenseKey,
        hardware_hash: device.fingerprint,
        components: device.components,
        app_version: version,
        ttl,
        encrypt,
        license_file: file ?? undefined,
      });
      await this.#install(String(answer.license_file), licenseKey);
      return await this.#tell();
    });
  }

  /** Gives the license file back; the device stays activated. @throws LatchkeyError */
  checkIn(): Promise<LicenseStatus> {
    return this.#inTurn(async () => {
      await this.#api.post("/api/license/checkin", await this.#machine());
      await this.#kept.change((record) => ({ ...record, file: null, list: null }));
      return await this.#tell();
    });
  }

  /**
   * Takes a license file that was carried in, without a network.
   *
   * @param licenseKey for an encrypted file, if the device has no license yet
   * @returns `invalid`, `wrong_machine` or `not_activated` for a file that is refused; the license stays as it was then
   */
  installFile(text: string, licenseKey?: string): Promise<LicenseStatus> {
    return this.#inTurn(async () => {
      const record = await this.#kept.read();
      const key = licenseKey === undefined ? record.licenseKey : sentKey(licenseKey);
      const { state, message } = await stateOfNewFile(String(text), key, this.#options, record);
      if (isRefused(state)) {
        return { ...await this.status(), state, usable: false, reason: message };
      }
      await this.#install(text, key);
      return await this.#tell();
    });
  }

  /**
   * A request for a license file, as text, for a device that never has a network. `installFile` takes the answer.
   *
   * @param typed the license key as it was typed or pasted
   */
  async offlineRequest(typed: string, { encrypt }: { encrypt?: boolean } = {}): Promise<string> {
    const { device, deviceName, version, clock } = this.#options;
    return await writeOfflineRequest({
      licenseKey: sentKey(typed),
      device,
      deviceName,
      version,
      encrypt,
      createdAt: Math.floor(clock.now() / 1000),
    });
  }

  /** Takes a status list that was carried in. @throws InvalidTextError for one that is not the vendor's */
  async installStatusList(jws: string): Promise<LicenseStatus> {
    await keepList(jws, this.#kept, this.#options);
    return await this.#tell();
  }

  /** Whether there is a newer release. @throws LatchkeyError */
  async checkForUpdate(): Promise<Update> {
    return await checkForUpdate(this.#api, await this.#licenseKey(), this.#options.version);
  }

  async #refresh(): Promise<LicenseStatus> {
    const { error, leaseEnds }: Refreshed = await refresh(this.#api, this.#kept, this.#options);
    this.#error = error;
    if (!error) this.#leaseEnds = leaseEnds;
    // The list that is kept may contradict what the server has just said.
    if (!error && (await this.status()).state === "revoked") {
      await refreshList(this.#api, this.#kept, this.#options);
    }
    return await this.#tell();
  }

  async #install(text: string, licenseKey: string | null): Promise<void> {
    const file = await checkedFile(text, licenseKey, this.#options, await this.#kept.read());
    if (!file) {
      throw new LatchkeyError({ code: "UNTRUSTED_ANSWER", message: "The license file is not the vendor's." });
    }
    await this.#kept.change((record) => withFile({ ...record, licenseKey, refusal: null }, file));
  }

  /** The status of a refusal that is about the license; other errors are thrown. */
  async #refused(error: unknown): Promise<LicenseStatus> {
    if (!(error instanceof LatchkeyError)) throw error;
    const state = stateOfCode(error.code);
    if (state === null) throw error;
    this.#error = error;
    const status = await this.status();
    // A license that the device has already stays.
    return status.usable
      ? status
      : { ...status, state, usable: false, reason: error.message, code: error.code };
  }

  async #forget(): Promise<void> {
    this.#error = null;
    this.#leaseEnds = null;
    await this.#kept.change((record) => withKept(emptyRecord, record));
  }

  async #tell(): Promise<LicenseStatus> {
    const status = await this.status();
    this.#listeners.tell(status);
    return status;
  }

  /** Seconds until the next refresh: a third of the activation's time at the latest, and when the server asks for it. */
  #untilNext(): number {
    const { refreshInterval, clock } = this.#options;
    const lease = this.#leaseEnds === null ? Infinity : (this.#leaseEnds - clock.now() / 1000) / 3;
    const asked = Math.min(this.#error?.retryAfter ?? 0, LONGEST_WAIT);
    return Math.max(SHORTEST_INTERVAL, Math.min(refreshInterval, lease), asked);
  }

  async #machine() {
    const { fingerprint } = this.#options.device;
    return { license_key: await this.#licenseKey(), hardware_hash: fingerprint };
  }

  async #licenseKey(): Promise<string> {
    const { licenseKey } = await this.#kept.read();
    if (licenseKey !== null) return licenseKey;
    throw new LatchkeyError({ code: "NOT_ACTIVATED", message: "There is no license on this device yet." });
  }

  /** Requests about the license follow one another. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
