// What an app sends requests with in place of libcurl.
using System;
using System.Collections.Generic;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>Sends requests: for proxies, other HTTP libraries and tests.</summary>
    public interface ITransport
    {
        /// <summary>Sends a request and waits for its answer, whatever its status is. It verifies certificates, does not
        /// follow redirects, and is called by several threads at once. What it throws says that the server was not
        /// reached.</summary>
        /// <param name="request">the request</param>
        /// <returns>the answer</returns>
        TransportResponse Send(TransportRequest request);
    }

    /// <summary>A request that a transport sends.</summary>
    public sealed class TransportRequest
    {
        private volatile bool isOver;
        private readonly IntPtr native;

        internal TransportRequest(IntPtr request)
        {
            native = request;
            Method = Utf8.Text(NativeMethods.latchkey_request_method(request));
            Url = Utf8.Text(NativeMethods.latchkey_request_url(request));
            Timeout = Times.Span(NativeMethods.latchkey_request_timeout(request)) ?? TimeSpan.Zero;
            var headers = new List<KeyValuePair<string, string>>();
            ulong count = NativeMethods.latchkey_request_header_count(request).ToUInt64();
            for (ulong index = 0; index < count; index++)
            {
                headers.Add(NativeMethods.latchkey_request_header(request, new UIntPtr(index)).Copy());
            }
            Headers = headers;
            IntPtr body = NativeMethods.latchkey_request_body(request);
            Body = Utf8.Bytes(body, NativeMethods.latchkey_request_body_length(request));
        }

        /// <summary>"GET" or "POST".</summary>
        public string Method { get; }

        /// <summary>The whole address.</summary>
        public string Url { get; }

        /// <summary>Names and values, without line ends.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

        /// <summary>The body; null for a GET.</summary>
        public byte[] Body { get; }

        /// <summary>After which time the transport fails.</summary>
        public TimeSpan Timeout { get; }

        /// <summary>Whether the client was stopped: the transport ends the request and throws. To be asked several times
        /// a second, until <see cref="ITransport.Send"/> returns.</summary>
        public bool IsCancelled
        {
            get { return isOver || NativeMethods.latchkey_request_is_cancelled(native) != 0; }
        }

        /// <summary>The request of C is gone once the transport has returned.</summary>
        internal void End()
        {
            isOver = true;
        }
    }

    /// <summary>What a transport received.</summary>
    public sealed class TransportResponse
    {
        /// <summary>The HTTP status.</summary>
        public int Status { get; set; }

        /// <summary>Names and values; only Retry-After and X-Request-Id are used, in any case.</summary>
        public IList<KeyValuePair<string, string>> Headers { get; } = new List<KeyValuePair<string, string>>();

        /// <summary>The body. One that is too large counts as a failure.</summary>
        public byte[] Body { get; set; }
    }
}
