// The client of an app: its license on this device.
using System;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>
    /// The license of an app on this device. All calls may be made by several threads at once. Calls that ask the server
    /// wait for it: in an app with a window, make them in a task.
    /// </summary>
    public sealed class LicenseClient : IDisposable
    {
        private readonly ClientHandle client;

        private delegate int Ask(out IntPtr result, out IntPtr error);

        /// <summary>Makes a client. Neither disk nor network are touched.</summary>
        /// <param name="options">what the app tells the library</param>
        /// <exception cref="LatchkeyException">options that cannot be</exception>
        public LicenseClient(LicenseOptions options)
        {
            if (options == null)
            {
                throw new ArgumentNullException(nameof(options));
            }
            client = ClientHandle.New(options, new Callbacks(options, this));
            Seats = new Seats(client);
            Usage = new Usage(client);
        }

        /// <summary>Called with each new state, in the thread whose call brought it. It may call the client. What it
        /// throws is caught and has no effect.</summary>
        public event EventHandler<LicenseStatus> Changed
        {
            add { client.Callbacks.Changed += value; }
            remove { client.Callbacks.Changed -= value; }
        }

        /// <summary>The version of the C library, such as "0.9.0".</summary>
        public static string LibraryVersion
        {
            get { return Utf8.Text(NativeMethods.latchkey_version()); }
        }

        /// <summary>Sessions of concurrent users.</summary>
        public Seats Seats { get; }

        /// <summary>Metered use.</summary>
        public Usage Usage { get; }

        /// <summary>The state by what is kept on the device. Refreshing begins in a thread; the network is not waited
        /// for.</summary>
        /// <returns>the status</returns>
        public LicenseStatus Start()
        {
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_start(client, out status, out error));
        }

        /// <summary>Ends refreshing and renewing, and requests and delays that other threads wait for.
        /// <see cref="Start"/> begins again.</summary>
        public void Stop()
        {
            NativeMethods.latchkey_client_stop(client);
        }

        /// <summary>The state by what is kept on the device, at this moment, without the network.</summary>
        /// <returns>the status</returns>
        public LicenseStatus Status()
        {
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_status(client, out status, out error));
        }

        /// <summary>Asks the server. Calls at the same time are one request. It succeeds also when the server is not
        /// reached or not believed: <see cref="LicenseStatus.Error"/> says so.</summary>
        /// <returns>the status</returns>
        public LicenseStatus Refresh()
        {
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_refresh(client, out status, out error));
        }

        /// <summary>Activates the license on this device. A refusal about the license is the state: limit reached,
        /// invalid, expired or disabled.</summary>
        /// <param name="typed">the license key as it was typed or pasted</param>
        /// <returns>the status</returns>
        /// <exception cref="LatchkeyException">other refusals, and a server that is not reached</exception>
        public LicenseStatus Activate(string typed)
        {
            byte[] text = Utf8.Bytes(typed);
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_activate(client, text, out status, out error));
        }

        /// <summary>Frees the activation and forgets the license.</summary>
        /// <returns>the status</returns>
        /// <exception cref="LatchkeyException">the license stays: the server was not reached, or refuses it</exception>
        public LicenseStatus Deactivate()
        {
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_deactivate(client, out status, out error));
        }

        /// <summary>Gives the device back without a network: deletes license file and license, and makes the removal code
        /// that the user enters in the vendor's panel. Called again it returns the same code.</summary>
        /// <returns>the removal code</returns>
        /// <exception cref="LatchkeyException">there is no license file that a code could be made of</exception>
        public string DeactivateOffline()
        {
            int result = NativeMethods.latchkey_client_deactivate_offline(client, out IntPtr code, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Utf8.Take(code);
        }

        /// <summary>Gets a license file for the time without a network.</summary>
        /// <param name="ttl">for how long; null: as long as the license allows</param>
        /// <param name="encrypt">whether only this device can read it</param>
        /// <returns>the status</returns>
        /// <exception cref="LatchkeyException">a refusal, or a server that is not reached</exception>
        public LicenseStatus CheckOut(TimeSpan? ttl = null, bool encrypt = false)
        {
            long seconds = ttl.HasValue ? Times.WholeSeconds(ttl.Value) : 0;
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_check_out(client, seconds, encrypt ? 1 : 0, out status, out error));
        }

        /// <summary>Gives the license file back; the device stays activated.</summary>
        /// <returns>the status</returns>
        /// <exception cref="LatchkeyException">a refusal, or a server that is not reached</exception>
        public LicenseStatus CheckIn()
        {
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_check_in(client, out status, out error));
        }

        /// <summary>Takes a license file that was carried in, without a network. A file that is refused is the state:
        /// invalid, wrong machine or not activated; the license stays as it was then.</summary>
        /// <param name="text">the text of the file</param>
        /// <param name="licenseKey">for an encrypted file, if the device has no license yet</param>
        /// <returns>the status</returns>
        /// <exception cref="LatchkeyException">what cannot be a license key</exception>
        public LicenseStatus InstallFile(string text, string licenseKey = null)
        {
            byte[] file = Utf8.Bytes(text);
            byte[] key = licenseKey == null ? null : Utf8.Bytes(licenseKey);
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_install_file(client, file, key, out status, out error));
        }

        /// <summary>Takes a status list that was carried in.</summary>
        /// <param name="list">its text</param>
        /// <returns>the status</returns>
        /// <exception cref="LatchkeyException">one that is not the vendor's</exception>
        public LicenseStatus InstallStatusList(string list)
        {
            byte[] text = Utf8.Bytes(list);
            return StatusOf((out IntPtr status, out IntPtr error) =>
                NativeMethods.latchkey_client_install_status_list(client, text, out status, out error));
        }

        /// <summary>A request for a license file, for a device that never has a network. <see cref="InstallFile"/> takes
        /// the answer.</summary>
        /// <param name="typed">the license key as it was typed or pasted</param>
        /// <param name="encrypt">asks for a file that only this device can read</param>
        /// <returns>the text of the request</returns>
        /// <exception cref="LatchkeyException">what cannot be a license key</exception>
        public string OfflineRequest(string typed, bool encrypt = false)
        {
            int result = NativeMethods.latchkey_client_offline_request(
                client, Utf8.Bytes(typed), encrypt ? 1 : 0, out IntPtr text, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Utf8.Take(text);
        }

        /// <summary>Whether there is a newer release.</summary>
        /// <returns>what is known of it</returns>
        /// <exception cref="LatchkeyException">a refusal, or a server that is not reached</exception>
        public Update CheckForUpdate()
        {
            int result = NativeMethods.latchkey_client_check_for_update(client, out IntPtr update, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return Update.Take(update);
        }

        /// <summary>Stops the client and frees it, once no other call is running.</summary>
        public void Dispose()
        {
            if (!client.IsClosed)
            {
                client.Stop();
                client.Dispose();
            }
        }

        private static LicenseStatus StatusOf(Ask ask)
        {
            int result = ask(out IntPtr status, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            try
            {
                return LicenseStatus.Copy(status);
            }
            finally
            {
                NativeMethods.latchkey_status_free(status);
            }
        }
    }
}
