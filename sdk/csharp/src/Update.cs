// Updates of the app.
using System;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>Whether there is a newer release.</summary>
    public sealed class Update
    {
        private Update()
        {
        }

        /// <summary>Whether there is one.</summary>
        public bool Available { get; private set; }

        /// <summary>Whether the vendor asks that every user takes it.</summary>
        public bool IsMandatory { get; private set; }

        /// <summary>Null: no release is published.</summary>
        public string LatestVersion { get; private set; }

        /// <summary>Where it is; null: not known.</summary>
        public string DownloadUrl { get; private set; }

        /// <summary>What is new; null: not known.</summary>
        public string ReleaseNotes { get; private set; }

        /// <summary>A copy of what the C library made, which is freed.</summary>
        internal static Update Take(IntPtr pointer)
        {
            var update = NativeStructs.Read<NativeUpdate>(pointer);
            var copied = new Update
            {
                Available = update.Available == 1,
                IsMandatory = update.IsMandatory == 1,
                LatestVersion = Utf8.Text(update.LatestVersion),
                DownloadUrl = Utf8.Text(update.DownloadUrl),
                ReleaseNotes = Utf8.Text(update.ReleaseNotes),
            };
            NativeMethods.latchkey_update_free(pointer);
            return copied;
        }
    }
}
