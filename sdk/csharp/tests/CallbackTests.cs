// What an app replaces and listens to: it is called, what it throws ends there, and disposing waits for nothing for ever.
using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using NUnit.Framework;

namespace Latchkey.Tests
{
    [TestFixture]
    public class CallbackTests
    {
        private sealed class Transport : ITransport
        {
            internal readonly List<TransportRequest> Requests = new List<TransportRequest>();
            internal Func<TransportRequest, TransportResponse> Answer = request => null;

            public TransportResponse Send(TransportRequest request)
            {
                lock (Requests)
                {
                    Requests.Add(request);
                }
                return Answer(request);
            }
        }

        private sealed class Memory : LicenseStorage
        {
            internal string Text;
            internal bool IsBroken;
            internal int Locks;

            public override string Read()
            {
                return Text;
            }

            public override void Write(string text)
            {
                if (IsBroken)
                {
                    throw new InvalidOperationException("The keychain is locked.");
                }
                Text = text;
            }

            public override void Lock()
            {
                Locks++;
            }

            public override void Unlock()
            {
                Locks--;
            }
        }

        private readonly Transport transport = new Transport();

        private LicenseOptions Options()
        {
            return new LicenseOptions
            {
                Url = "https://licenses.example.com",
                ApiKey = "key",
                Product = "painter",
                Version = "2.1.0",
                Released = "2026-02-15",
                PublicKeys =
                {
                    new PublicKey(
                        "UDDReOZl1ipXAfp9wYsm13sDBMK5og--QWdBjzuf6o4",
                        "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w"),
                },
                Device = new Device("9f86d081884c7d65", new Dictionary<string, string> { { "board", "b-71" } }),
                Retries = { Attempts = 1 },
                Transport = transport,
            };
        }

        private static TransportResponse Refusal(int status, string code)
        {
            string body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"É no.\",\"details\":{\"a\":[1,null]}}}";
            var response = new TransportResponse { Status = status, Body = Encoding.UTF8.GetBytes(body) };
            response.Headers.Add(new KeyValuePair<string, string>("x-request-id", "request-1"));
            response.Headers.Add(new KeyValuePair<string, string>("Retry-After", "90"));
            return response;
        }

        private static LatchkeyException Thrown(TestDelegate call)
        {
            return Assert.Throws<LatchkeyException>(call);
        }

        [Test]
        public void ARefusalHasTheFactsOfTheServer()
        {
            using (var license = new LicenseClient(Options()))
            {
                transport.Answer = request => Refusal(409, "SOMETHING_ELSE");
                LatchkeyException error = Thrown(() => license.Activate("TEST-TEST-TEST-TEST"));
                Assert.That(error.Kind, Is.EqualTo(ErrorKind.Refused));
                Assert.That(error.Code, Is.EqualTo("SOMETHING_ELSE"));
                Assert.That(error.Message, Is.EqualTo("É no."));
                Assert.That(error.Status, Is.EqualTo(409));
                Assert.That(error.RequestId, Is.EqualTo("request-1"));
                Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(90)));
                Assert.That(error.Details["a"], Is.EqualTo(new List<object> { 1.0, null }));
                TransportRequest sent = transport.Requests[0];
                Assert.That(sent.Method, Is.EqualTo("POST"));
                Assert.That(sent.Url, Is.EqualTo("https://licenses.example.com/api/license/activate"));
                Assert.That(Encoding.UTF8.GetString(sent.Body), Is.StringContaining("9f86d081884c7d65"));
                Assert.That(sent.Timeout, Is.EqualTo(TimeSpan.FromSeconds(20)));
                Assert.That(sent.IsCancelled, Is.True, "after its end");
            }
        }

        [Test]
        public void ATransportThatThrowsIsANetworkThatFails()
        {
            using (var license = new LicenseClient(Options()))
            {
                transport.Answer = request => throw new InvalidOperationException("The cable is out.");
                LatchkeyException error = Thrown(() => license.Activate("TEST-TEST-TEST-TEST"));
                Assert.That(error.Kind, Is.EqualTo(ErrorKind.Network));
                Assert.That(error.Code, Is.EqualTo("NETWORK_ERROR"));
                Assert.That(error.Message, Is.StringContaining("The cable is out."));
                transport.Answer = request => null;
                Assert.That(Thrown(() => license.Activate("TEST-TEST-TEST-TEST")).Code, Is.EqualTo("NETWORK_ERROR"));
            }
        }

        [Test]
        public void AStorageOfTheAppsOwnIsUsedAndItsFailureIsTold()
        {
            var memory = new Memory();
            LicenseOptions options = Options();
            options.Storage = memory;
            transport.Answer = request => Refusal(403, "INVALID_LICENSE");
            using (var license = new LicenseClient(options))
            {
                Assert.That(license.InstallFile("a\0b").State, Is.EqualTo(LicenseState.Invalid));
                memory.IsBroken = true;
                LicenseStatus status = license.Start();
                Assert.That(status.State, Is.EqualTo(LicenseState.NotActivated));
                Assert.That(status.Usable, Is.False);
            }
            Assert.That(memory.Locks, Is.EqualTo(0));
        }

        [Test]
        public void OptionsThatCannotBeAreRefused()
        {
            LicenseOptions options = Options();
            options.Url = "ftp://licenses.example.com";
            Assert.That(Thrown(() => new LicenseClient(options)).Kind, Is.EqualTo(ErrorKind.InvalidArgument));
            Assert.That(Thrown(() => new LicenseClient(new LicenseOptions())).Code, Is.EqualTo("INVALID_OPTIONS"));
            Assert.Throws<ArgumentNullException>(() => new LicenseClient(null));
            Assert.That(Thrown(() => new Device("")).Kind, Is.EqualTo(ErrorKind.InvalidArgument));
        }

        [Test]
        public void StopAndDisposeEndCallsThatWait()
        {
            var license = new LicenseClient(Options());
            using (var sending = new ManualResetEventSlim())
            {
                transport.Answer = request =>
                {
                    sending.Set();
                    while (!request.IsCancelled)
                    {
                        Thread.Sleep(10);
                    }
                    throw new OperationCanceledException();
                };
                LatchkeyException error = null;
                var thread = new Thread(() => error = Thrown(() => license.Activate("TEST-TEST-TEST-TEST")));
                thread.Start();
                Assert.That(sending.Wait(5000), Is.True);
                license.Dispose();
                Assert.That(thread.Join(5000), Is.True);
                Assert.That(error.Code, Is.EqualTo("NETWORK_ERROR"));
            }
            license.Dispose();
            Assert.Throws<ObjectDisposedException>(() => license.Status());
        }

        [Test]
        public void ClientsThatAreForgottenAreCollected()
        {
            for (int count = 0; count < 50; count++)
            {
                new LicenseClient(Options()).Start();
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.That(LicenseKey.Read(" “3ahr-z6dm-v29g-qy5m”. ").Canonical, Is.EqualTo("3AHRZ6DMV29GQY5M"));
        }

        [Test]
        public void StatesHaveTheirNames()
        {
            foreach (LicenseState state in Enum.GetValues(typeof(LicenseState)))
            {
                Assert.That(state.Name().Replace("_", ""), Is.EqualTo(state.ToString().ToLowerInvariant()));
                Assert.That(state.Meaning(), Is.Not.Empty);
            }
            Assert.That(((LicenseState)99).Name(), Is.Null);
        }
    }
}
