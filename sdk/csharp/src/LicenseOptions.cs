// What an app tells the library.
using System;
using System.Collections.Generic;

namespace Latchkey
{
    /// <summary>What an app tells the library. Address, API key, product, version, public keys and device are needed.
    /// Changes after the client was made have no effect.</summary>
    public sealed class LicenseOptions
    {
        /// <summary>Address of the license server, http or https.</summary>
        public string Url { get; set; }

        /// <summary>An API key of the product.</summary>
        public string ApiKey { get; set; }

        /// <summary>The product's code.</summary>
        public string Product { get; set; }

        /// <summary>The version of the app, such as "2.1.0".</summary>
        public string Version { get; set; }

        /// <summary>The day of this release, YYYY-MM-DD; null: not known.</summary>
        public string Released { get; set; }

        /// <summary>The product's keys, compiled into the app. Never read them from a file or the network.</summary>
        public IList<PublicKey> PublicKeys { get; } = new List<PublicKey>();

        /// <summary>The same as JSON, a JWK set or a list of JWKs, beside or instead of <see cref="PublicKeys"/>.
        /// </summary>
        public string PublicKeysJson { get; set; }

        /// <summary>The device.</summary>
        public Device Device { get; set; }

        /// <summary>The device's name that the customer sees; null: none.</summary>
        public string DeviceName { get; set; }

        /// <summary>Path of the file in which the license is kept, such as license.json in the folder of the user's
        /// settings; its folders are created. Without path and storage the license is held in memory.</summary>
        public string StoragePath { get; set; }

        /// <summary>A storage of the app's own, such as a keychain.</summary>
        public LicenseStorage Storage { get; set; }

        /// <summary>The time between refreshes; an hour, and never less than a minute.</summary>
        public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromHours(1);

        /// <summary>How long a validation counts as fresh; a day.</summary>
        public TimeSpan FreshFor { get; set; } = TimeSpan.FromDays(1);

        /// <summary>How long a license without a license file may be used while the server is not reached; three days.
        /// </summary>
        public TimeSpan OfflineGrace { get; set; } = TimeSpan.FromDays(3);

        /// <summary>The time until a request is ended; 20 seconds.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

        /// <summary>What is repeated, and when.</summary>
        public RetryOptions Retries { get; set; } = new RetryOptions();

        /// <summary>Sends requests, for proxies and tests; null: libcurl.</summary>
        public ITransport Transport { get; set; }

        /// <summary>The time, called by several threads; null: the system's.</summary>
        public Func<DateTimeOffset> Clock { get; set; }

        /// <summary>Fills bytes by chance, for nonces, idempotency keys and delays; called by several threads; null:
        /// OpenSSL.</summary>
        public Action<byte[]> Random { get; set; }
    }
}
