// Texts of the C library: UTF-8 with a zero byte at the end. .NET Standard 2.0 has no marshalling for them.
using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Latchkey.Native
{
    internal static class Utf8
    {
        /// <summary>Half of a surrogate pair becomes U+FFFD.</summary>
        private static readonly UTF8Encoding Encoding = new UTF8Encoding(false);

        /// <summary>
        /// A text for the C library. A zero byte, which would end it there, becomes another control character: neither
        /// is part of a license key, and both are ignored or refused alike in a file.
        /// </summary>
        internal static byte[] Bytes(string text)
        {
            if (text == null)
            {
                throw new ArgumentNullException(nameof(text));
            }
            return Encoding.GetBytes(text.Replace('\0', '\u0001') + '\0');
        }

        /// <summary>A text without a zero byte at its end.</summary>
        internal static byte[] Content(string text)
        {
            return Encoding.GetBytes(text ?? "");
        }

        /// <summary>A copy of a text of the C library; null for NULL.</summary>
        internal static string Text(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return null;
            }
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0)
            {
                length++;
            }
            return Encoding.GetString(Bytes(text, new UIntPtr((uint)length)));
        }

        /// <summary>A copy of a text that is ours, which is freed.</summary>
        internal static string Take(IntPtr text)
        {
            string copied = Text(text);
            NativeMethods.latchkey_free(text);
            return copied;
        }

        /// <summary>A copy of bytes of the C library; null for NULL.</summary>
        internal static byte[] Bytes(IntPtr bytes, UIntPtr length)
        {
            if (bytes == IntPtr.Zero)
            {
                return null;
            }
            var copied = new byte[checked((int)length.ToUInt64())];
            Marshal.Copy(bytes, copied, 0, copied.Length);
            return copied;
        }

        /// <summary>A copy of a text of so many bytes.</summary>
        internal static string Text(IntPtr text, UIntPtr length)
        {
            return Encoding.GetString(Bytes(text, length) ?? new byte[0]);
        }
    }
}
