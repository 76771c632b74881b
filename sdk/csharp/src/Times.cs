// Times and durations of the C library, and those of .NET.
using System;

namespace Latchkey
{
    internal static class Times
    {
        /// <summary>0:00 of 1 January 1970, in ticks of 100 ns.</summary>
        private const long UnixTicks = 621355968000000000;

        private const long LastSecond = 253402300799;

        /// <summary>Seconds since 1970; null for none, and beyond the year 9999.</summary>
        internal static DateTimeOffset? FromSeconds(long seconds)
        {
            return seconds < 0 || seconds > LastSecond
                ? (DateTimeOffset?)null
                : DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        /// <summary>Milliseconds since 1970; null for none, and beyond the year 9999.</summary>
        internal static DateTimeOffset? FromMilliseconds(long milliseconds)
        {
            return milliseconds < 0 || milliseconds / 1000 > LastSecond
                ? (DateTimeOffset?)null
                : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        internal static double Seconds(DateTimeOffset time)
        {
            return (time.UtcTicks - UnixTicks) / (double)TimeSpan.TicksPerSecond;
        }

        /// <summary>A duration in seconds; null when it is negative, which says that there is none.</summary>
        internal static TimeSpan? Span(double seconds)
        {
            if (!(seconds >= 0))
            {
                return null;
            }
            return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        }

        /// <summary>Whole seconds, rounded up, at least one.</summary>
        internal static long WholeSeconds(TimeSpan time)
        {
            if (time <= TimeSpan.Zero)
            {
                throw LatchkeyException.InvalidArgument(time + " is no time that can be asked for.");
            }
            return (time.Ticks - 1) / TimeSpan.TicksPerSecond + 1;
        }
    }
}
