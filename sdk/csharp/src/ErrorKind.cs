// Kinds of failures.
namespace Latchkey
{
    /// <summary>What kind of failure it was. Later versions may add some.</summary>
    public enum ErrorKind
    {
        /// <summary>The server refused it: <see cref="LatchkeyException.Code"/> is the server's, or HTTP_ and the
        /// status.</summary>
        Refused = 1,

        /// <summary>The server was not reached.</summary>
        Network = 2,

        /// <summary>What answered is not the vendor's server, or the text is not the vendor's.</summary>
        UntrustedAnswer = 3,

        /// <summary>There is no license on this device yet.</summary>
        NotActivated = 4,

        /// <summary>The program gave something that cannot be.</summary>
        InvalidArgument = 5,

        /// <summary>There was no memory: the call changed nothing, or its change is known to the server alone.
        /// </summary>
        OutOfMemory = 6,
    }
}
