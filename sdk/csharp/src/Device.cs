// The device: a fingerprint and hashed components of the machine.
using System;
using System.Collections.Generic;
using Latchkey.Native;

namespace Latchkey
{
    /// <summary>What an app sends of its device: a fingerprint, and hashed components by name.</summary>
    public sealed class Device
    {
        private delegate int Make(out IntPtr device, out IntPtr error);

        /// <summary>A device with a fingerprint of the app's own, which is sent as it is.</summary>
        /// <param name="fingerprint">1 to 255 bytes</param>
        /// <param name="components">at most 16, values as they are sent; null: none</param>
        /// <exception cref="LatchkeyException">what the server would refuse</exception>
        public Device(string fingerprint, IEnumerable<KeyValuePair<string, string>> components = null)
            : this(New(fingerprint, components))
        {
        }

        private Device(DeviceHandle handle)
        {
            Handle = handle;
            Fingerprint = Utf8.Text(NativeMethods.latchkey_device_fingerprint(handle));
            var all = new Dictionary<string, string>();
            ulong count = NativeMethods.latchkey_device_component_count(handle).ToUInt64();
            for (ulong index = 0; index < count; index++)
            {
                KeyValuePair<string, string> pair =
                    NativeMethods.latchkey_device_component(handle, new UIntPtr(index)).Copy();
                all[pair.Key] = pair.Value;
            }
            Components = all;
        }

        internal DeviceHandle Handle { get; }

        /// <summary>What the device is recognised by.</summary>
        public string Fingerprint { get; }

        /// <summary>Values of the components by their names.</summary>
        public IReadOnlyDictionary<string, string> Components { get; }

        /// <summary>
        /// The device of this machine: the id of its system, the serial number of its board and the address of its
        /// network card, each hashed with the product's code. Reads files and registry; under macOS and Windows it runs
        /// programs of the system.
        /// </summary>
        /// <param name="product">the product's code</param>
        /// <returns>the device</returns>
        /// <exception cref="LatchkeyException">nothing identifies the machine, as in some containers</exception>
        public static Device Machine(string product)
        {
            byte[] text = Utf8.Bytes(product);
            return new Device(Made((out IntPtr device, out IntPtr error) =>
                NativeMethods.latchkey_machine_device(text, out device, out error)));
        }

        /// <summary>
        /// A device from parts of the machine, each with its name. Placeholders and parts without a value are dropped.
        /// The first that is left is the fingerprint, all are components: put first what stays the same for every user
        /// of the machine.
        /// </summary>
        /// <param name="product">the product's code, the salt of the hashes</param>
        /// <param name="parts">names and values, in order</param>
        /// <returns>the device</returns>
        /// <exception cref="LatchkeyException">no part identifies the machine</exception>
        public static Device Of(string product, IEnumerable<KeyValuePair<string, string>> parts)
        {
            byte[] text = Utf8.Bytes(product);
            using (var pairs = new NativePairs(parts))
            {
                return new Device(Made((out IntPtr device, out IntPtr error) => NativeMethods.latchkey_device_of(
                    text, pairs.Pairs, pairs.Count, out device, out error)));
            }
        }

        private static DeviceHandle New(string fingerprint, IEnumerable<KeyValuePair<string, string>> components)
        {
            byte[] text = Utf8.Bytes(fingerprint);
            using (var pairs = new NativePairs(components))
            {
                return Made((out IntPtr device, out IntPtr error) => NativeMethods.latchkey_device_new(
                    text, pairs.Pairs, pairs.Count, out device, out error));
            }
        }

        private static DeviceHandle Made(Make make)
        {
            int result = make(out IntPtr device, out IntPtr error);
            LatchkeyException.ThrowUnlessDone(result, error);
            return new DeviceHandle(device);
        }
    }
}
