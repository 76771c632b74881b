// The functions of latchkey.h: what transports and storages call.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    /// <summary>The functions of latchkey.h by their names there. Texts are bytes with a zero at the end.</summary>
    internal static partial class NativeMethods
    {
        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_request_method(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_request_url(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr latchkey_request_header_count(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern NativePair latchkey_request_header(IntPtr request, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr latchkey_request_body(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr latchkey_request_body_length(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern double latchkey_request_timeout(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_request_is_cancelled(IntPtr request);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_response_set_status(IntPtr response, int status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_response_add_header(IntPtr response, byte[] name, byte[] value);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_response_append(IntPtr response, byte[] bytes, UIntPtr length);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void latchkey_response_set_failure(IntPtr response, byte[] message);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int latchkey_buffer_set(IntPtr buffer, byte[] text, UIntPtr length);
    }
}
