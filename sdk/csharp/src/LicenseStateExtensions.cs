// What the C library knows of states.
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>Name and meaning of a state.</summary>
    public static class LicenseStateExtensions
    {
        /// <summary>The name that it has in all languages, such as "offline_grace".</summary>
        /// <param name="state">the state</param>
        /// <returns>the name; null for what is no state</returns>
        public static string Name(this LicenseState state)
        {
            return Utf8.Text(NativeMethods.latchkey_state_name((int)state));
        }

        /// <summary>What it means and what to do, a sentence in English.</summary>
        /// <param name="state">the state</param>
        /// <returns>the sentence; null for what is no state</returns>
        public static string Meaning(this LicenseState state)
        {
            return Utf8.Text(NativeMethods.latchkey_state_meaning((int)state));
        }
    }
}
