// An app with a license: App.exe [license key]. Its settings are environment variables, which a real app compiles in.
using System;
using System.IO;
using Latchkey;

internal static class App
{
    private static int Main(string[] arguments)
    {
        try
        {
            using (var license = new LicenseClient(Options()))
            {
                LicenseStatus status = license.Start();
                if (status.State == LicenseState.NotActivated && arguments.Length > 0)
                {
                    status = license.Activate(arguments[0]);
                }
                Console.WriteLine(status.State.Name());
                if (status.Error != null)
                {
                    Console.Error.WriteLine(status.Error.Code + ": " + status.Error.Message);
                }
                return status.Usable ? 0 : 1;
            }
        }
        catch (LatchkeyException error)
        {
            Console.Error.WriteLine(error.Code + ": " + error.Message);
            return 1;
        }
    }

    private static LicenseOptions Options()
    {
        string product = Variable("LATCHKEY_PRODUCT") ?? "";
        string folder = Path.Combine(Path.GetTempPath(), "latchkey-example");
        return new LicenseOptions
        {
            Url = Variable("LATCHKEY_URL"),
            ApiKey = Variable("LATCHKEY_API_KEY"),
            Product = product,
            Version = "2.1.0",
            Released = "2026-02-15",
            PublicKeysJson = Variable("LATCHKEY_KEYS"),
            Device = Device.Machine(product),
            StoragePath = Variable("LATCHKEY_FILE") ?? Path.Combine(folder, "license.json"),
        };
    }

    private static string Variable(string name)
    {
        return Environment.GetEnvironmentVariable(name);
    }
}
