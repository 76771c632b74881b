// What is repeated, and when.
using System;

namespace Latchkey
{
    /// <summary>What is repeated after network errors, 429 and 503, and how long is waited. Retry-After is honoured.
    /// </summary>
    public sealed class RetryOptions
    {
        /// <summary>Calls in all; 5.</summary>
        public int Attempts { get; set; } = 5;

        /// <summary>The first delay; 1 second. Each further one is twice the one before.</summary>
        public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

        /// <summary>The longest delay; 30 seconds.</summary>
        public TimeSpan LongestDelay { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>The longest Retry-After that is waited for; 60 seconds.</summary>
        public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(60);
    }
}
