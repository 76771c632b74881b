// A storage of the app's own, called by the C library.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    internal static class StorageCallbacks
    {
        private static readonly ReadDelegate ReadDelegate = Read;
        private static readonly WriteDelegate WriteDelegate = Write;
        private static readonly LockDelegate LockDelegate = Lock;
        private static readonly UnlockDelegate UnlockDelegate = Unlock;

        internal static void SetIn(ref NativeOptions options, Callbacks callbacks)
        {
            if (callbacks.Storage != null)
            {
                options.StorageRead = Marshal.GetFunctionPointerForDelegate(ReadDelegate);
                options.StorageWrite = Marshal.GetFunctionPointerForDelegate(WriteDelegate);
                options.StorageLock = Marshal.GetFunctionPointerForDelegate(LockDelegate);
                options.StorageUnlock = Marshal.GetFunctionPointerForDelegate(UnlockDelegate);
                options.StorageContext = callbacks.Context;
            }
        }

        [MonoPInvokeCallback(typeof(ReadDelegate))]
        private static int Read(IntPtr context, IntPtr text, IntPtr failure)
        {
            int result = 0;
            Exception thrown = Callbacks.Guarded(context, callbacks =>
            {
                string found = callbacks.Storage.Read();
                if (found != null)
                {
                    result = Set(text, found);
                }
            });
            return thrown == null ? result : Fail(failure, thrown);
        }

        [MonoPInvokeCallback(typeof(WriteDelegate))]
        private static int Write(IntPtr context, IntPtr text, UIntPtr length, IntPtr failure)
        {
            Exception thrown = Callbacks.Guarded(
                context, callbacks => callbacks.Storage.Write(Utf8.Text(text, length)));
            return thrown == null ? 0 : Fail(failure, thrown);
        }

        [MonoPInvokeCallback(typeof(LockDelegate))]
        private static int Lock(IntPtr context)
        {
            return Callbacks.Result(Callbacks.Guarded(context, callbacks => callbacks.Storage.Lock()));
        }

        [MonoPInvokeCallback(typeof(UnlockDelegate))]
        private static void Unlock(IntPtr context)
        {
            Callbacks.Guarded(context, callbacks => callbacks.Storage.Unlock());
        }

        private static int Set(IntPtr buffer, string text)
        {
            byte[] bytes = Utf8.Content(text);
            return NativeMethods.latchkey_buffer_set(buffer, bytes, new UIntPtr((uint)bytes.Length));
        }

        private static int Fail(IntPtr failure, Exception thrown)
        {
            Set(failure, thrown.Message);
            return -1;
        }
    }
}
