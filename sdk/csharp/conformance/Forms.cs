// What the conformance program writes: the members of statuses, errors and others, in snake_case as in all languages.
using System;
using System.Collections.Generic;
using Latchkey;

internal static class Forms
{
    internal static object One(string name, object value)
    {
        return new Dictionary<string, object> { { name, value } };
    }

    internal static object Done()
    {
        return One("ok", true);
    }

    internal static object Status(LicenseStatus status)
    {
        return One("status", new Dictionary<string, object>
        {
            { "state", status.State.Name() },
            { "usable", status.Usable },
            { "reason", status.Reason },
            { "code", status.Code },
            { "entitlements", status.Entitlements },
            { "max_users", status.MaxUsers },
            { "license_ends", status.LicenseEnds },
            { "grace_ends", status.GraceEnds },
            { "file_ends", status.FileEnds?.ToUnixTimeSeconds() },
            { "checked_at", status.CheckedAt?.ToUnixTimeSeconds() },
            { "file", status.File },
            { "error", status.Error == null ? null : Members(status.Error, status.Error.Code) },
            { "storage_error", status.StorageError },
        });
    }

    internal static object Error(LatchkeyException error, string code)
    {
        return One("error", Members(error, code));
    }

    /// <summary>Something that the types of this library do not have, such as a text for a number.</summary>
    internal static object Argument(string message, string code)
    {
        return One("error", new Dictionary<string, object>
        {
            { "code", code },
            { "message", message },
            { "status", 0 },
            { "request_id", null },
            { "details", new Dictionary<string, object>() },
            { "retry_after", null },
        });
    }

    private static object Members(LatchkeyException error, string code)
    {
        return new Dictionary<string, object>
        {
            { "code", code },
            { "message", error.Message },
            { "status", error.Status },
            { "request_id", error.RequestId },
            { "details", error.Details },
            { "retry_after", error.RetryAfter?.TotalSeconds },
        };
    }

    internal static object Update(Update update)
    {
        return One("update", new Dictionary<string, object>
        {
            { "available", update.Available },
            { "latest_version", update.LatestVersion },
            { "download_url", update.DownloadUrl },
            { "release_notes", update.ReleaseNotes },
            { "is_mandatory", update.IsMandatory },
        });
    }

    internal static object Session(LicenseSession session)
    {
        return One("session", new Dictionary<string, object>
        {
            { "id", session.Id },
            { "expires_at", session.ExpiresAt?.ToUnixTimeMilliseconds() },
            { "active_sessions", session.ActiveSessions },
            { "max_users", session.MaxUsers },
        });
    }

    internal static object Meter(Meter meter)
    {
        var members = new Dictionary<string, object>
        {
            { "id", meter.Id },
            { "used", meter.Used },
            { "reserved", meter.Reserved },
            { "limit", meter.Limit },
            { "remaining", meter.Remaining },
        };
        if (meter.Reservation != null)
        {
            members.Add("reservation", meter.Reservation);
        }
        if (meter.ExpiresAt.HasValue)
        {
            members.Add("expires_at", meter.ExpiresAt.Value.ToUnixTimeMilliseconds());
        }
        return One("meter", members);
    }
}
