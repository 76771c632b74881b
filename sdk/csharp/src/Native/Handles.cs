// Objects of the C library that are freed with their owner.
using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Latchkey.Native
{
    internal sealed class DeviceHandle : SafeHandle
    {
        internal DeviceHandle(IntPtr device)
            : base(IntPtr.Zero, true)
        {
            SetHandle(device);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.latchkey_device_free(handle);
            return true;
        }
    }

    /// <summary>A client, with what it calls. Calls that are running keep it from being freed.</summary>
    internal sealed class ClientHandle : SafeHandle
    {
        private ClientHandle(IntPtr client, Callbacks callbacks)
            : base(IntPtr.Zero, true)
        {
            Callbacks = callbacks;
            SetHandle(client);
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        internal Callbacks Callbacks { get; }

        internal static ClientHandle New(LicenseOptions options, Callbacks callbacks)
        {
            IntPtr client = IntPtr.Zero;
            try
            {
                int result = OptionsCall.NewClient(options, callbacks, out client, out IntPtr error);
                LatchkeyException.ThrowUnlessDone(result, error);
                ulong number = NativeMethods.latchkey_client_on_change(client, Callbacks.HearDelegate, callbacks.Context);
                if (number == 0)
                {
                    throw new OutOfMemoryException();
                }
                return new ClientHandle(client, callbacks);
            }
            catch
            {
                NativeMethods.latchkey_client_free(client);
                callbacks.Free();
                throw;
            }
        }

        /// <summary>Ends what other threads wait for; nothing once the client was freed.</summary>
        internal void Stop()
        {
            try
            {
                NativeMethods.latchkey_client_stop(this);
            }
            catch (ObjectDisposedException)
            {
                // Another thread has disposed it at the same moment.
            }
        }

        protected override bool ReleaseHandle()
        {
            IntPtr client = handle;
            Callbacks callbacks = Callbacks;
            if (Callbacks.IsCalledByLibrary)
            {
                // Freeing waits for the threads of the library, of which this is one.
                ThreadPool.QueueUserWorkItem(state => Free(client, callbacks));
            }
            else
            {
                Free(client, callbacks);
            }
            return true;
        }

        private static void Free(IntPtr client, Callbacks callbacks)
        {
            NativeMethods.latchkey_client_free(client);
            callbacks.Free();
        }
    }
}
