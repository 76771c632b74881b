// A storage of the app's own.
namespace Latchkey
{
    /// <summary>Keeps the license: a keychain, a database, a file of the app's own. Called by several threads. What it
    /// throws says that the license cannot be kept or read: it is held in memory, and
    /// <see cref="LicenseStatus.StorageError"/> says why.</summary>
    public abstract class LicenseStorage
    {
        /// <summary>The text that was written last.</summary>
        /// <returns>null when there is none</returns>
        public abstract string Read();

        /// <summary>Replaces the text as a whole: a reader finds the old text or the new one.</summary>
        /// <param name="text">what to keep</param>
        public abstract void Write(string text);

        /// <summary>Waits until no other process writes. Without it, changes of two processes at once may be lost. When
        /// it throws, there is nothing to unlock.</summary>
        public virtual void Lock()
        {
        }

        /// <summary>Ends what <see cref="Lock"/> began.</summary>
        public virtual void Unlock()
        {
        }
    }
}
