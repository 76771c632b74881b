// A public key of the product.
namespace Latchkey
{
    /// <summary>A public key of the product, as /.well-known/jwks/{product}.json has it.</summary>
    public sealed class PublicKey
    {
        /// <summary>Makes a key.</summary>
        /// <param name="kid">its id</param>
        /// <param name="x">its 32 bytes in base64url</param>
        public PublicKey(string kid, string x)
        {
            Kid = kid;
            X = x;
        }

        /// <summary>Its id.</summary>
        public string Kid { get; }

        /// <summary>Its 32 bytes in base64url.</summary>
        public string X { get; }
    }
}
