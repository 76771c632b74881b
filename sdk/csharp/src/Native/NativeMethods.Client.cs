// The functions of latchkey.h: the client.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    /// <summary>The functions of latchkey.h by their names there. Texts are bytes with a zero at the end.</summary>
    internal static partial class NativeMethods
    {
        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_options_init(out NativeOptions options, UIntPtr size);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_new(ref NativeOptions options, out IntPtr client, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_client_free(IntPtr client);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_start(ClientHandle client, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_client_stop(ClientHandle client);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_status(ClientHandle client, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_refresh(ClientHandle client, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_activate(
            ClientHandle client, byte[] typed, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_deactivate(ClientHandle client, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_deactivate_offline(
            ClientHandle client, out IntPtr code, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_check_out(
            ClientHandle client, long ttl, int encrypt, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_check_in(ClientHandle client, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_install_file(
            ClientHandle client, byte[] text, byte[] licenseKey, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_install_status_list(
            ClientHandle client, byte[] list, out IntPtr status, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_offline_request(
            ClientHandle client, byte[] typed, int encrypt, out IntPtr text, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong latchkey_client_on_change(
            IntPtr client, ListenerDelegate listener, IntPtr context);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_read_license_key(
            byte[] typed, out IntPtr text, out IntPtr canonical, out int checksumMismatch, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_check_for_update(
            ClientHandle client, out IntPtr update, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_update_free(IntPtr update);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_seats_start(
            ClientHandle client, out IntPtr session, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_client_seats_session(ClientHandle client);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_seats_end(ClientHandle client, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_session_free(IntPtr session);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_usage_increment(
            ClientHandle client, byte[] meter, long amount, out IntPtr after, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_usage_reserve(
            ClientHandle client, byte[] meter, long amount, long ttl, out IntPtr after, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_usage_commit(
            ClientHandle client, byte[] reservation, long amount, out IntPtr after, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_client_usage_release(
            ClientHandle client, byte[] reservation, out IntPtr after, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_meter_free(IntPtr meter);
    }
}
