// A transport of the app's own, called by the C library.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    internal static class TransportCallback
    {
        private static readonly SendDelegate SendDelegate = Send;

        internal static void SetIn(ref NativeOptions options, Callbacks callbacks)
        {
            if (callbacks.Transport != null)
            {
                options.Transport = Marshal.GetFunctionPointerForDelegate(SendDelegate);
                options.TransportContext = callbacks.Context;
            }
        }

        [MonoPInvokeCallback(typeof(SendDelegate))]
        private static int Send(IntPtr context, IntPtr request, IntPtr response)
        {
            bool isTooLarge = false;
            Exception thrown = Callbacks.Guarded(context, callbacks =>
            {
                TransportResponse answer = Answer(callbacks.Transport, request);
                NativeMethods.latchkey_response_set_status(response, answer.Status);
                foreach (KeyValuePair<string, string> header in answer.Headers)
                {
                    NativeMethods.latchkey_response_add_header(
                        response, Utf8.Bytes(header.Key), Utf8.Bytes(header.Value));
                }
                byte[] body = answer.Body ?? new byte[0];
                isTooLarge = NativeMethods.latchkey_response_append(response, body, new UIntPtr((uint)body.Length)) != 0;
            });
            if (thrown != null)
            {
                NativeMethods.latchkey_response_set_failure(response, Utf8.Bytes(thrown.Message ?? ""));
            }
            return isTooLarge ? -1 : Callbacks.Result(thrown);
        }

        private static TransportResponse Answer(ITransport transport, IntPtr native)
        {
            var request = new TransportRequest(native);
            try
            {
                return transport.Send(request) ?? throw new InvalidOperationException("The transport returned null.");
            }
            finally
            {
                request.End();
            }
        }
    }
}
