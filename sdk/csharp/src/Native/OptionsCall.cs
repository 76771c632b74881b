// Options of .NET as those of C, for the call that makes a client.
using System;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    internal static class OptionsCall
    {
        internal static int NewClient(
            LicenseOptions given, Callbacks callbacks, out IntPtr client, out IntPtr error)
        {
            using (var texts = new NativeTexts())
            {
                NativeKey[] keys = Keys(given, texts);
                GCHandle pinned = GCHandle.Alloc(keys, GCHandleType.Pinned);
                try
                {
                    NativeOptions options = Options(given, texts);
                    options.PublicKeys = keys.Length == 0 ? IntPtr.Zero : pinned.AddrOfPinnedObject();
                    options.PublicKeyCount = new UIntPtr((uint)keys.Length);
                    callbacks.SetIn(ref options);
                    options.Device = given.Device == null ? IntPtr.Zero : given.Device.Handle.DangerousGetHandle();
                    int result = NativeMethods.latchkey_client_new(ref options, out client, out error);
                    GC.KeepAlive(given.Device);
                    return result;
                }
                finally
                {
                    pinned.Free();
                }
            }
        }

        private static NativeKey[] Keys(LicenseOptions given, NativeTexts texts)
        {
            var keys = new NativeKey[given.PublicKeys.Count];
            for (int index = 0; index < keys.Length; index++)
            {
                PublicKey key = given.PublicKeys[index];
                keys[index] = new NativeKey { Kid = texts.Add(key?.Kid), X = texts.Add(key?.X) };
            }
            return keys;
        }

        private static NativeOptions Options(LicenseOptions given, NativeTexts texts)
        {
            var size = new UIntPtr((uint)Marshal.SizeOf(typeof(NativeOptions)));
            NativeMethods.latchkey_options_init(out NativeOptions options, size);
            options.Url = texts.Add(given.Url);
            options.ApiKey = texts.Add(given.ApiKey);
            options.Product = texts.Add(given.Product);
            options.Version = texts.Add(given.Version);
            options.Released = texts.Add(given.Released);
            options.PublicKeysJson = texts.Add(given.PublicKeysJson);
            options.DeviceName = texts.Add(given.DeviceName);
            options.StoragePath = texts.Add(given.StoragePath);
            options.RefreshInterval = given.RefreshInterval.TotalSeconds;
            options.FreshFor = given.FreshFor.TotalSeconds;
            options.OfflineGrace = given.OfflineGrace.TotalSeconds;
            options.Timeout = given.Timeout.TotalSeconds;
            RetryOptions retries = given.Retries ?? new RetryOptions();
            options.RetryAttempts = retries.Attempts;
            options.RetryFirstDelay = retries.FirstDelay.TotalSeconds;
            options.RetryLongestDelay = retries.LongestDelay.TotalSeconds;
            options.RetryLongestWait = retries.LongestWait.TotalSeconds;
            return options;
        }
    }
}
