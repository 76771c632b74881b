// Functions that the C library calls.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int SendDelegate(IntPtr context, IntPtr request, IntPtr response);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int ReadDelegate(IntPtr context, IntPtr text, IntPtr failure);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int WriteDelegate(IntPtr context, IntPtr text, UIntPtr length, IntPtr failure);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int LockDelegate(IntPtr context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void UnlockDelegate(IntPtr context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate double ClockDelegate(IntPtr context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int RandomDelegate(IntPtr context, IntPtr bytes, UIntPtr length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void ListenerDelegate(IntPtr context, IntPtr status);
}
