// What a call fails with.
using System;
using System.Collections.Generic;
using Latchkey.Json;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>
    /// A refusal of the server, a failure to reach it, or something that cannot be. Refusals about the license are
    /// none: they are states of what a call returns.
    /// </summary>
    public sealed class LatchkeyException : Exception
    {
        private static readonly IReadOnlyDictionary<string, object> NoDetails = new Dictionary<string, object>();

        internal LatchkeyException(ErrorKind kind, string code, string message)
            : base(message)
        {
            Kind = kind;
            Code = code;
            Details = NoDetails;
        }

        /// <summary>What kind of failure it was.</summary>
        public ErrorKind Kind { get; }

        /// <summary>
        /// The server's code, such as "ACTIVATION_LIMIT_REACHED", or HTTP_ and the status, or one of the library's:
        /// NETWORK_ERROR, UNTRUSTED_ANSWER, NOT_ACTIVATED, INVALID_OPTIONS, INVALID_ARGUMENT, OUT_OF_MEMORY.
        /// </summary>
        public string Code { get; }

        /// <summary>Facts of the code: limits, counts, the field it is about. Values are null, <see cref="bool"/>,
        /// <see cref="double"/>, <see cref="string"/>, lists and dictionaries of them.</summary>
        public IReadOnlyDictionary<string, object> Details { get; private set; }

        /// <summary>The HTTP status; 0 when the server was not reached or not asked.</summary>
        public int Status { get; private set; }

        /// <summary>The id by which the vendor finds the request in the server's log; null without one.</summary>
        public string RequestId { get; private set; }

        /// <summary>After which time to try again, as the server says; null when it does not.</summary>
        public TimeSpan? RetryAfter { get; private set; }

        /// <summary>A copy of an error of the C library; null for NULL.</summary>
        internal static LatchkeyException Copy(IntPtr error)
        {
            if (error == IntPtr.Zero)
            {
                return null;
            }
            var kind = (ErrorKind)NativeMethods.latchkey_error_result(error);
            string code = Utf8.Text(NativeMethods.latchkey_error_code(error));
            string message = Utf8.Text(NativeMethods.latchkey_error_message(error));
            string details = Utf8.Text(NativeMethods.latchkey_error_details(error));
            return new LatchkeyException(kind, code, message)
            {
                Details = JsonReader.ReadObject(details) ?? NoDetails,
                Status = NativeMethods.latchkey_error_status(error),
                RequestId = Utf8.Text(NativeMethods.latchkey_error_request_id(error)),
                RetryAfter = Times.Span(NativeMethods.latchkey_error_retry_after(error)),
            };
        }

        /// <summary>Throws what a call failed with, and frees it.</summary>
        internal static void ThrowUnlessDone(int result, IntPtr error)
        {
            if (result == 0)
            {
                return;
            }
            LatchkeyException copied = Copy(error);
            NativeMethods.latchkey_error_free(error);
            // Without memory for the error itself there is its kind alone.
            throw copied
                ?? new LatchkeyException((ErrorKind)result, "OUT_OF_MEMORY", "There is no memory for the reason.");
        }

        internal static LatchkeyException InvalidArgument(string message)
        {
            return new LatchkeyException(ErrorKind.InvalidArgument, "INVALID_ARGUMENT", message);
        }
    }
}
