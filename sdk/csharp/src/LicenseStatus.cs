// What is known of the license at one moment.
using System;
using System.Collections.Generic;
using Latchkey.Json;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>What is known of the license at one moment: its state, and facts of it. It is not changed.</summary>
    public sealed class LicenseStatus
    {
        private static readonly IReadOnlyDictionary<string, object> NoEntitlements = new Dictionary<string, object>();

        private LicenseStatus()
        {
        }

        /// <summary>What an app decides by.</summary>
        public LicenseState State { get; private set; }

        /// <summary>Whether the app may run: the state is valid, grace or offline grace.</summary>
        public bool Usable { get; private set; }

        /// <summary>Why, a sentence for logs.</summary>
        public string Reason { get; private set; }

        /// <summary>The server's code of the last validation or refusal; null: none.</summary>
        public string Code { get; private set; }

        /// <summary>Entitlements by their names: true, a <see cref="double"/> or a <see cref="string"/>. Empty unless
        /// the license is usable.</summary>
        public IReadOnlyDictionary<string, object> Entitlements { get; private set; }

        /// <summary>Concurrent users; null when that is not known.</summary>
        public long? MaxUsers { get; private set; }

        /// <summary>Last day of the license in UTC, inclusive, YYYY-MM-DD; null: it never expires, or that is not
        /// known.</summary>
        public string LicenseEnds { get; private set; }

        /// <summary>Last day of grace in UTC, inclusive, YYYY-MM-DD; null: there is none.</summary>
        public string GraceEnds { get; private set; }

        /// <summary>When the license file ends; null: there is none.</summary>
        public DateTimeOffset? FileEnds { get; private set; }

        /// <summary>When the server said so; null: never.</summary>
        public DateTimeOffset? CheckedAt { get; private set; }

        /// <summary>Claims of the license file: customer, public metadata and more; null: there is none. Values are as
        /// in <see cref="LatchkeyException.Details"/>.</summary>
        public IReadOnlyDictionary<string, object> File { get; private set; }

        /// <summary>Why the server's answer is not known, or what it refused last; null: nothing. It was not thrown.
        /// </summary>
        public LatchkeyException Error { get; private set; }

        /// <summary>Why the license is kept in memory alone, such as a full disk; null: it is kept.</summary>
        public string StorageError { get; private set; }

        /// <summary>Whether the license is usable and has the entitlement, whatever its value is.</summary>
        /// <param name="name">its name</param>
        /// <returns>whether it is there</returns>
        public bool HasEntitlement(string name)
        {
            return Entitlements.ContainsKey(name);
        }

        /// <summary>The number of an entitlement.</summary>
        /// <param name="name">its name</param>
        /// <returns>null when it is no number, or the license is not usable</returns>
        public double? EntitlementNumber(string name)
        {
            return Entitlements.TryGetValue(name, out object value) ? value as double? : null;
        }

        /// <summary>The text of an entitlement.</summary>
        /// <param name="name">its name</param>
        /// <returns>null when it is no text, or the license is not usable</returns>
        public string EntitlementText(string name)
        {
            return Entitlements.TryGetValue(name, out object value) ? value as string : null;
        }

        /// <summary>A copy of a status of the C library.</summary>
        internal static LicenseStatus Copy(IntPtr status)
        {
            IReadOnlyDictionary<string, object> all =
                JsonReader.ReadObject(Utf8.Text(NativeMethods.latchkey_status_json(status)));
            object entitlements = null;
            all?.TryGetValue("entitlements", out entitlements);
            int state = NativeMethods.latchkey_status_state(status);
            long users = NativeMethods.latchkey_status_max_users(status);
            return new LicenseStatus
            {
                // A number that is not known is a state of a later version.
                State = Enum.IsDefined(typeof(LicenseState), state) ? (LicenseState)state : LicenseState.Invalid,
                Usable = NativeMethods.latchkey_status_usable(status) == 1,
                Reason = Utf8.Text(NativeMethods.latchkey_status_reason(status)),
                Code = Utf8.Text(NativeMethods.latchkey_status_code(status)),
                Entitlements = entitlements as IReadOnlyDictionary<string, object> ?? NoEntitlements,
                MaxUsers = users < 0 ? (long?)null : users,
                LicenseEnds = Utf8.Text(NativeMethods.latchkey_status_license_ends(status)),
                GraceEnds = Utf8.Text(NativeMethods.latchkey_status_grace_ends(status)),
                FileEnds = Times.FromSeconds(NativeMethods.latchkey_status_file_ends(status)),
                CheckedAt = Times.FromSeconds(NativeMethods.latchkey_status_checked_at(status)),
                File = JsonReader.ReadObject(Utf8.Text(NativeMethods.latchkey_status_file(status))),
                Error = LatchkeyException.Copy(NativeMethods.latchkey_status_error(status)),
                StorageError = Utf8.Text(NativeMethods.latchkey_status_storage_error(status)),
            };
        }
    }
}
