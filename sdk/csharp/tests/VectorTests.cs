// The cases of sdk/vectors, through the C library that is loaded.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Latchkey.Json;
using Latchkey.Native;
using NUnit.Framework;

namespace Latchkey.Tests
{
    [TestFixture]
    public class VectorTests
    {
        /// <summary>The kind of case that the C library calls those of a file.</summary>
        private static readonly Dictionary<string, string> Kinds = new Dictionary<string, string>
        {
            { "validations", "validation" },
            { "license_keys", "license_key" },
            { "versions", "version" },
            { "offline_requests", "offline_request" },
            { "retries", "retry" },
            { "removal_codes", "removal_code" },
            { "devices", "device" },
        };

        private static string Folder
        {
            get
            {
                return Environment.GetEnvironmentVariable("LATCHKEY_VECTORS")
                    ?? Path.Combine(TestContext.CurrentContext.TestDirectory, "../../vectors");
            }
        }

        [Test]
        public void EveryVectorHasItsResult()
        {
            if (!Directory.Exists(Folder))
            {
                Assert.Ignore("There are no vectors in " + Folder + ": set LATCHKEY_VECTORS.");
            }
            var differences = new List<string>();
            int count = 0;
            foreach (string path in Directory.GetFiles(Folder, "*.json").OrderBy(path => path))
            {
                string name = Path.GetFileNameWithoutExtension(path);
                string kind = name.StartsWith("file_", StringComparison.Ordinal) ? "file" : null;
                if (kind == null && !Kinds.TryGetValue(name, out kind))
                {
                    continue;
                }
                var cases = (List<object>)JsonReader.ReadObject(File.ReadAllText(path))["cases"];
                foreach (Dictionary<string, object> vector in cases)
                {
                    count++;
                    string expected = JsonWriter.Write(vector["expected"], true);
                    string found = Found(kind, JsonWriter.Write(vector["given"]));
                    if (found != expected)
                    {
                        differences.Add(name + ", " + vector["name"] + ": expected " + expected + ", got " + found);
                    }
                }
            }
            Assert.That(differences, Is.Empty, string.Join("\n", differences));
            Assert.That(count, Is.GreaterThanOrEqualTo(150));
        }

        /// <summary>Written again, so that it can be compared as text.</summary>
        private static string Found(string kind, string given)
        {
            int result = NativeMethods.latchkey_check_vector(
                Utf8.Bytes(kind), Utf8.Bytes(given), out IntPtr text, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return JsonWriter.Write(JsonReader.Read(Utf8.Take(text)), true);
        }
    }
}
