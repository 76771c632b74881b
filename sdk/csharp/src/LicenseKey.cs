// License keys that were typed or pasted.
using System;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>A license key that was typed or pasted, to tell a user of a typing error at once. Calls read keys by
    /// themselves.</summary>
    public sealed class LicenseKey
    {
        private LicenseKey(string text, string canonical, bool checksumMismatch)
        {
            Text = text;
            Canonical = canonical;
            ChecksumMismatch = checksumMismatch;
        }

        /// <summary>The key without what pasting added, as it is sent.</summary>
        public string Text { get; }

        /// <summary>Equal for keys that count as the same.</summary>
        public string Canonical { get; }

        /// <summary>It has the form of a generated key, with a wrong check character: mistyped, or imported by the
        /// vendor.</summary>
        public bool ChecksumMismatch { get; }

        /// <summary>Reads what was typed or pasted.</summary>
        /// <param name="typed">the text</param>
        /// <returns>the key</returns>
        /// <exception cref="LatchkeyException">what can be no license key</exception>
        public static LicenseKey Read(string typed)
        {
            int result = NativeMethods.latchkey_read_license_key(
                Utf8.Bytes(typed), out IntPtr text, out IntPtr canonical, out int mismatch, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return new LicenseKey(Utf8.Take(text), Utf8.Take(canonical), mismatch == 1);
        }
    }
}
