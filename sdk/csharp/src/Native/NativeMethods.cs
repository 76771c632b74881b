// The functions of latchkey.h: errors, devices, states and statuses.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    /// <summary>The functions of latchkey.h by their names there. Texts are bytes with a zero at the end.</summary>
    internal static partial class NativeMethods
    {
        private const string Library = "latchkey";
        private const CallingConvention C = CallingConvention.Cdecl;

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_version();

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_free(IntPtr text);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_error_result(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_error_code(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_error_message(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_error_details(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_error_status(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_error_request_id(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern double latchkey_error_retry_after(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_error_free(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_machine_device(byte[] product, out IntPtr device, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_device_of(
            byte[] product, NativePair[] parts, UIntPtr count, out IntPtr device, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_device_new(
            byte[] fingerprint, NativePair[] components, UIntPtr count, out IntPtr device, out IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_device_fingerprint(DeviceHandle device);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr latchkey_device_component_count(DeviceHandle device);

        [DllImport(Library, CallingConvention = C)]
        internal static extern NativePair latchkey_device_component(DeviceHandle device, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_device_free(IntPtr device);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_state_name(int state);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_state_meaning(int state);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_status_state(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_status_usable(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_reason(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_code(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern long latchkey_status_max_users(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_license_ends(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_grace_ends(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern long latchkey_status_file_ends(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern long latchkey_status_checked_at(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_file(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_error(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_storage_error(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_status_json(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_status_free(IntPtr status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_check_vector(
            byte[] kind, byte[] given, out IntPtr result, out IntPtr error);
    }
}
