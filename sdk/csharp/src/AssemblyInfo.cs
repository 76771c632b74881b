// The tests call the functions of the C library that check vectors.
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Latchkey.Tests")]
