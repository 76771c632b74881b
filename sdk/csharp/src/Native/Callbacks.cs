// What the C library calls of one client: listeners, clock, random bytes, and in other files transport and storage.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    /// <summary>
    /// What an app has replaced, and who listens. The C library has its address, by which it stays until the client is
    /// freed. Delegates are static: so none is collected while C has it. What code of the app throws ends here.
    /// </summary>
    internal sealed class Callbacks
    {
        internal static readonly ListenerDelegate HearDelegate = Hear;
        private static readonly ClockDelegate NowDelegate = Now;
        private static readonly RandomDelegate FillDelegate = Fill;

        /// <summary>How many calls of the C library this thread is in.</summary>
        [ThreadStatic]
        private static int depth;

        private readonly WeakReference<LicenseClient> sender;
        private readonly Func<DateTimeOffset> clock;
        private readonly Action<byte[]> random;
        private GCHandle self;

        /// <param name="options">what the app has replaced</param>
        /// <param name="client">the sender of the event, which is not kept from being collected</param>
        internal Callbacks(LicenseOptions options, LicenseClient client)
        {
            sender = new WeakReference<LicenseClient>(client);
            clock = options.Clock;
            random = options.Random;
            Transport = options.Transport;
            Storage = options.Storage;
            self = GCHandle.Alloc(this);
        }

        internal event EventHandler<LicenseStatus> Changed;

        /// <summary>Whether the C library has called this thread.</summary>
        internal static bool IsCalledByLibrary
        {
            get { return depth > 0; }
        }

        internal ITransport Transport { get; }

        internal LicenseStorage Storage { get; }

        /// <summary>What the C library hands to each function.</summary>
        internal IntPtr Context
        {
            get { return GCHandle.ToIntPtr(self); }
        }

        internal void Free()
        {
            self.Free();
        }

        internal void SetIn(ref NativeOptions options)
        {
            TransportCallback.SetIn(ref options, this);
            StorageCallbacks.SetIn(ref options, this);
            if (clock != null)
            {
                options.Clock = Marshal.GetFunctionPointerForDelegate(NowDelegate);
                options.ClockContext = Context;
            }
            if (random != null)
            {
                options.Random = Marshal.GetFunctionPointerForDelegate(FillDelegate);
                options.RandomContext = Context;
            }
        }

        /// <summary>Runs code of the app.</summary>
        /// <returns>what it throws; null: nothing</returns>
        internal static Exception Guarded(IntPtr context, Action<Callbacks> call)
        {
            depth++;
            try
            {
                call((Callbacks)GCHandle.FromIntPtr(context).Target);
                return null;
            }
            catch (Exception thrown)
            {
                return thrown;
            }
            finally
            {
                depth--;
            }
        }

        [MonoPInvokeCallback(typeof(ListenerDelegate))]
        private static void Hear(IntPtr context, IntPtr status)
        {
            Guarded(context, callbacks =>
            {
                Delegate[] listeners = callbacks.Changed?.GetInvocationList();
                if (listeners == null)
                {
                    return;
                }
                callbacks.sender.TryGetTarget(out LicenseClient client);
                LicenseStatus copied = LicenseStatus.Copy(status);
                foreach (Delegate listener in listeners)
                {
                    Guarded(context, same => ((EventHandler<LicenseStatus>)listener)(client, copied));
                }
            });
        }

        /// <summary>The system's time where the app's clock throws.</summary>
        [MonoPInvokeCallback(typeof(ClockDelegate))]
        private static double Now(IntPtr context)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            Guarded(context, callbacks => now = callbacks.clock());
            return Times.Seconds(now);
        }

        [MonoPInvokeCallback(typeof(RandomDelegate))]
        private static int Fill(IntPtr context, IntPtr bytes, UIntPtr length)
        {
            return Result(Guarded(context, callbacks =>
            {
                var filled = new byte[checked((int)length.ToUInt64())];
                callbacks.random(filled);
                Marshal.Copy(filled, 0, bytes, filled.Length);
            }));
        }

        internal static int Result(Exception thrown)
        {
            return thrown == null ? 0 : -1;
        }
    }
}
