// The call open: options from JSON, and the clock that the driver sets.
using System;
using System.Collections.Generic;
using System.Linq;
using Latchkey;

internal static class OpenCall
{
    /// <summary>Only members that are given: the library's defaults are tried as well.</summary>
    internal static LicenseOptions Options(Call call, ConformanceClock clock)
    {
        var options = new LicenseOptions
        {
            Url = call.Text("url"),
            ApiKey = call.Text("api_key"),
            Product = call.Text("product"),
            Version = call.Text("version"),
            Released = call.Text("released"),
            Device = DeviceOf(call),
            DeviceName = call.Text("device_name"),
            StoragePath = call.Text("file"),
            Clock = clock.Now,
        };
        foreach (Call key in call.Calls("public_keys"))
        {
            options.PublicKeys.Add(new PublicKey(key.Text("kid"), key.Text("x")));
        }
        options.RefreshInterval = call.Span("refresh_interval") ?? options.RefreshInterval;
        options.FreshFor = call.Span("fresh_for") ?? options.FreshFor;
        options.OfflineGrace = call.Span("offline_grace") ?? options.OfflineGrace;
        options.Timeout = call.Span("timeout") ?? options.Timeout;
        options.Retries.Attempts = checked((int)(call.Whole("attempts") ?? options.Retries.Attempts));
        options.Retries.FirstDelay = call.Span("first_delay") ?? options.Retries.FirstDelay;
        if (call.Text("random") == "ones")
        {
            options.Random = bytes =>
            {
                for (int index = 0; index < bytes.Length; index++)
                {
                    bytes[index] = 1;
                }
            };
        }
        return options;
    }

    private static Device DeviceOf(Call call)
    {
        var components = call.Member("components") as IDictionary<string, object> ?? new Dictionary<string, object>();
        return new Device(
            call.Text("fingerprint"),
            components.Select(pair => new KeyValuePair<string, string>(pair.Key, pair.Value as string)));
    }
}

/// <summary>A clock that stands at a time, or is ahead of the system's.</summary>
internal sealed class ConformanceClock
{
    private static readonly DateTimeOffset Unix = new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Seconds, and whether they are since 1970.</summary>
    private Tuple<double, bool> time = Tuple.Create(0.0, false);

    internal ConformanceClock()
    {
    }

    internal ConformanceClock(Call call)
    {
        Set(call);
    }

    internal void Set(Call call)
    {
        double? now = call.Number("now");
        time = Tuple.Create(now ?? call.Number("offset") ?? 0, now.HasValue);
    }

    internal DateTimeOffset Now()
    {
        Tuple<double, bool> set = time;
        DateTimeOffset from = set.Item2 ? Unix : DateTimeOffset.UtcNow;
        return from.AddTicks((long)(set.Item1 * TimeSpan.TicksPerSecond));
    }
}
