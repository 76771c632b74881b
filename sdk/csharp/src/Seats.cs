// Sessions of concurrent users.
using System;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>A session of a concurrent user.</summary>
    public sealed class LicenseSession
    {
        private LicenseSession()
        {
        }

        /// <summary>Its id.</summary>
        public string Id { get; private set; }

        /// <summary>When it ends unless it is renewed; null when the server does not say.</summary>
        public DateTimeOffset? ExpiresAt { get; private set; }

        /// <summary>Sessions of the license, this one included.</summary>
        public long ActiveSessions { get; private set; }

        /// <summary>Concurrent users that the license allows.</summary>
        public long MaxUsers { get; private set; }

        /// <summary>A copy of what the C library made, which is freed; null for NULL.</summary>
        internal static LicenseSession Take(IntPtr pointer)
        {
            if (pointer == IntPtr.Zero)
            {
                return null;
            }
            var session = NativeStructs.Read<NativeSession>(pointer);
            var copied = new LicenseSession
            {
                Id = Utf8.Text(session.Id),
                ExpiresAt = Times.FromMilliseconds(session.ExpiresAt),
                ActiveSessions = session.ActiveSessions,
                MaxUsers = session.MaxUsers,
            };
            NativeMethods.latchkey_session_free(pointer);
            return copied;
        }
    }

    /// <summary>Sessions of concurrent users, see <see cref="LicenseClient.Seats"/>.</summary>
    public sealed class Seats
    {
        private readonly ClientHandle client;

        internal Seats(ClientHandle client)
        {
            this.client = client;
        }

        /// <summary>The session that was started; null when there is none, or it was lost.</summary>
        public LicenseSession Session
        {
            get { return LicenseSession.Take(NativeMethods.latchkey_client_seats_session(client)); }
        }

        /// <summary>Starts a session, and renews it at each third of its time until it is ended or the client is
        /// stopped.</summary>
        /// <returns>the session</returns>
        /// <exception cref="LatchkeyException">SESSION_LIMIT_REACHED when all are in use; other refusals, and a server
        /// that is not reached</exception>
        public LicenseSession Start()
        {
            int result = NativeMethods.latchkey_client_seats_start(client, out IntPtr session, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return LicenseSession.Take(session);
        }

        /// <summary>Ends the session; without one nothing happens.</summary>
        /// <exception cref="LatchkeyException">a refusal, or a server that is not reached</exception>
        public void End()
        {
            int result = NativeMethods.latchkey_client_seats_end(client, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
        }
    }
}
