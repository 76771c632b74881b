// The conformance program of this library: reads calls, one JSON object a line, and writes what came of each.
// tests/sdk/conformance has the driver, which plays the same calls to the libraries of all languages.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Latchkey;
using Latchkey.Json;

internal static class Program
{
    /// <summary>The client of the last open, its clock, and the states that its listener heard since the last changes.
    /// </summary>
    private static LicenseClient client;
    private static ConformanceClock clock = new ConformanceClock();
    private static List<object> states = new List<object>();

    private static void Main()
    {
        var encoding = new UTF8Encoding(false);
        var input = new StreamReader(Console.OpenStandardInput(), encoding);
        var output = new StreamWriter(Console.OpenStandardOutput(), encoding) { AutoFlush = true };
        for (string line = input.ReadLine(); line != null; line = input.ReadLine())
        {
            if (line.Trim() != "")
            {
                output.Write(JsonWriter.Write(Answer(new Call(JsonReader.ReadObject(line)))) + "\n");
            }
        }
        client?.Dispose();
    }

    private static object Answer(Call call)
    {
        try
        {
            return call.Name == "open" ? Open(call) : Result(call);
        }
        catch (LatchkeyException error)
        {
            return Forms.Error(error, error.Code);
        }
        catch (ArgumentException error)
        {
            return Forms.Argument(error.Message, "INVALID_ARGUMENT");
        }
    }

    private static object Open(Call call)
    {
        client?.Dispose();
        client = null;
        states = new List<object>();
        clock = new ConformanceClock(call);
        try
        {
            client = new LicenseClient(OpenCall.Options(call, clock));
        }
        catch (LatchkeyException error)
        {
            return Forms.Error(error, "INVALID_OPTIONS");
        }
        catch (Exception error) when (error is ArgumentException || error is OverflowException)
        {
            return Forms.Argument(error.Message, "INVALID_OPTIONS");
        }
        List<object> heard = states;
        client.Changed += (sender, status) =>
        {
            lock (heard)
            {
                heard.Add(status.State.Name());
            }
        };
        return Forms.Done();
    }

    private static object Result(Call call)
    {
        switch (call.Name)
        {
            case "start":
                return Forms.Status(client.Start());
            case "status":
                return Forms.Status(client.Status());
            case "refresh":
                return Forms.Status(client.Refresh());
            case "activate":
                return Forms.Status(client.Activate(call.Text("license_key")));
            case "deactivate":
                return Forms.Status(client.Deactivate());
            case "check_out":
                return Forms.Status(client.CheckOut(call.Span("ttl"), call.Flag("encrypt")));
            case "check_in":
                return Forms.Status(client.CheckIn());
            case "install_file":
                return Forms.Status(client.InstallFile(call.Text("file"), call.Text("license_key")));
            case "install_status_list":
                return Forms.Status(client.InstallStatusList(call.Text("list")));
            case "deactivate_offline":
                return Forms.One("code", client.DeactivateOffline());
            case "offline_request":
                return Forms.One("text", client.OfflineRequest(call.Text("license_key"), call.Flag("encrypt")));
            case "check_for_update":
                return Forms.Update(client.CheckForUpdate());
            default:
                return Other(call);
        }
    }

    private static object Other(Call call)
    {
        switch (call.Name)
        {
            case "seats_start":
                return Forms.Session(client.Seats.Start());
            case "seats_end":
                client.Seats.End();
                return Forms.Done();
            case "usage_increment":
                return Forms.Meter(client.Usage.Increment(call.Text("meter"), call.Whole("amount") ?? 1));
            case "usage_reserve":
                TimeSpan ttl = call.Span("ttl") ?? TimeSpan.FromMinutes(5);
                return Forms.Meter(client.Usage.Reserve(call.Text("meter"), call.Whole("amount") ?? 1, ttl));
            case "usage_commit":
                return Forms.Meter(client.Usage.Commit(call.Text("reservation"), call.Whole("amount")));
            case "usage_release":
                return Forms.Meter(client.Usage.Release(call.Text("reservation")));
            case "clock":
                clock.Set(call);
                return Forms.Done();
            case "stop":
                client.Stop();
                return Forms.Done();
            case "changes":
                lock (states)
                {
                    object heard = states.ToList();
                    states.Clear();
                    return Forms.One("states", heard);
                }
            case "parallel":
                return Forms.One("results", Parallel(call.Calls("calls")));
            default:
                throw new ArgumentException("There is no call " + call.Name + ".");
        }
    }

    private static List<object> Parallel(IEnumerable<Call> calls)
    {
        List<Task<object>> tasks = calls.Select(call =>
            Task.Factory.StartNew(() => Answer(call), TaskCreationOptions.LongRunning)).ToList();
        return tasks.Select(task => task.Result).ToList();
    }
}
