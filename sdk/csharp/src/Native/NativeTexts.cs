// Memory that the C library reads during one call.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    /// <summary>Texts outside of the managed heap, freed together.</summary>
    internal sealed class NativeTexts : IDisposable
    {
        private readonly List<IntPtr> texts = new List<IntPtr>();

        /// <summary>The address of a copy; NULL for null.</summary>
        internal IntPtr Add(string text)
        {
            if (text == null)
            {
                return IntPtr.Zero;
            }
            byte[] bytes = Utf8.Bytes(text);
            IntPtr memory = Marshal.AllocHGlobal(bytes.Length);
            texts.Add(memory);
            Marshal.Copy(bytes, 0, memory, bytes.Length);
            return memory;
        }

        public void Dispose()
        {
            foreach (IntPtr memory in texts)
            {
                Marshal.FreeHGlobal(memory);
            }
            texts.Clear();
        }
    }

    /// <summary>Names with values.</summary>
    internal sealed class NativePairs : IDisposable
    {
        private readonly NativeTexts texts = new NativeTexts();

        /// <param name="pairs">null: none</param>
        internal NativePairs(IEnumerable<KeyValuePair<string, string>> pairs)
        {
            var all = new List<NativePair>();
            foreach (KeyValuePair<string, string> pair in pairs ?? new KeyValuePair<string, string>[0])
            {
                all.Add(new NativePair { Name = texts.Add(pair.Key), Value = texts.Add(pair.Value) });
            }
            Pairs = all.ToArray();
        }

        internal NativePair[] Pairs { get; }

        internal UIntPtr Count
        {
            get { return new UIntPtr((uint)Pairs.Length); }
        }

        public void Dispose()
        {
            texts.Dispose();
        }
    }
}
