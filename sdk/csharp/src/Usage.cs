// Metered use.
using System;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>A meter after a call.</summary>
    public sealed class Meter
    {
        private Meter()
        {
        }

        /// <summary>Two answers with the same id are one count.</summary>
        public string Id { get; private set; }

        /// <summary>Units that were counted.</summary>
        public double Used { get; private set; }

        /// <summary>Units that are reserved.</summary>
        public double Reserved { get; private set; }

        /// <summary>Null: there is no limit.</summary>
        public double? Limit { get; private set; }

        /// <summary>Units that are left; null: there is no limit.</summary>
        public double? Remaining { get; private set; }

        /// <summary>The reservation that was made; null: none.</summary>
        public string Reservation { get; private set; }

        /// <summary>When the reservation ends; null: there is none.</summary>
        public DateTimeOffset? ExpiresAt { get; private set; }

        /// <summary>A copy of what the C library made, which is freed.</summary>
        internal static Meter Take(IntPtr pointer)
        {
            var meter = NativeStructs.Read<NativeMeter>(pointer);
            var copied = new Meter
            {
                Id = Utf8.Text(meter.Id),
                Used = meter.Used,
                Reserved = meter.Reserved,
                Limit = meter.HasLimit == 1 ? meter.Limit : (double?)null,
                Remaining = meter.HasLimit == 1 ? meter.Remaining : (double?)null,
                Reservation = Utf8.Text(meter.Reservation),
                ExpiresAt = Times.FromMilliseconds(meter.ExpiresAt),
            };
            NativeMethods.latchkey_meter_free(pointer);
            return copied;
        }
    }

    /// <summary>Metered use, see <see cref="LicenseClient.Usage"/>. Its calls throw a <see cref="LatchkeyException"/>
    /// with USAGE_LIMIT_REACHED or another code, and when the server is not reached.</summary>
    public sealed class Usage
    {
        /// <summary>LATCHKEY_ALL: all that was reserved.</summary>
        private const long All = -1;

        private readonly ClientHandle client;

        internal Usage(ClientHandle client)
        {
            this.client = client;
        }

        /// <summary>Counts units: all of them or none.</summary>
        /// <param name="meter">the meter's name</param>
        /// <param name="amount">how many</param>
        /// <returns>the meter after it</returns>
        public Meter Increment(string meter, long amount = 1)
        {
            int result = NativeMethods.latchkey_client_usage_increment(
                client, Utf8.Bytes(meter), Count(amount), out IntPtr after, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Meter.Take(after);
        }

        /// <summary>Holds units for so long; <see cref="Meter.Reservation"/> is what to commit or release.</summary>
        /// <param name="meter">the meter's name</param>
        /// <param name="amount">how many</param>
        /// <param name="ttl">for how long</param>
        /// <returns>the meter after it</returns>
        public Meter Reserve(string meter, long amount, TimeSpan ttl)
        {
            int result = NativeMethods.latchkey_client_usage_reserve(
                client, Utf8.Bytes(meter), Count(amount), Times.WholeSeconds(ttl), out IntPtr after, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Meter.Take(after);
        }

        /// <summary>Counts what was reserved, or less.</summary>
        /// <param name="reservation">the reservation</param>
        /// <param name="amount">how many; null: all</param>
        /// <returns>the meter after it</returns>
        public Meter Commit(string reservation, long? amount = null)
        {
            long count = amount.HasValue ? Count(amount.Value) : All;
            int result = NativeMethods.latchkey_client_usage_commit(
                client, Utf8.Bytes(reservation), count, out IntPtr after, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Meter.Take(after);
        }

        /// <summary>Gives back what was reserved.</summary>
        /// <param name="reservation">the reservation</param>
        /// <returns>the meter after it</returns>
        public Meter Release(string reservation)
        {
            int result = NativeMethods.latchkey_client_usage_release(
                client, Utf8.Bytes(reservation), out IntPtr after, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Meter.Take(after);
        }

        private static long Count(long amount)
        {
            if (amount < 0)
            {
                throw LatchkeyException.InvalidArgument(amount + " is no number of units.");
            }
            return amount;
        }
    }
}
