// Structs of latchkey.h, with the members in the same order.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Latchkey.Native
{
    internal static class NativeStructs
    {
        internal static T Read<T>(IntPtr pointer)
        {
            return (T)Marshal.PtrToStructure(pointer, typeof(T));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativePair
    {
        internal IntPtr Name;
        internal IntPtr Value;

        internal KeyValuePair<string, string> Copy()
        {
            return new KeyValuePair<string, string>(Utf8.Text(Name), Utf8.Text(Value));
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeKey
    {
        internal IntPtr Kid;
        internal IntPtr X;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeOptions
    {
        internal UIntPtr Size;
        internal IntPtr Url;
        internal IntPtr ApiKey;
        internal IntPtr Product;
        internal IntPtr Version;
        internal IntPtr Released;
        internal IntPtr PublicKeys;
        internal UIntPtr PublicKeyCount;
        internal IntPtr PublicKeysJson;
        internal IntPtr Device;
        internal IntPtr DeviceName;
        internal IntPtr StoragePath;
        internal IntPtr StorageRead;
        internal IntPtr StorageWrite;
        internal IntPtr StorageLock;
        internal IntPtr StorageUnlock;
        internal IntPtr StorageContext;
        internal double RefreshInterval;
        internal double FreshFor;
        internal double OfflineGrace;
        internal double Timeout;
        internal int RetryAttempts;
        internal double RetryFirstDelay;
        internal double RetryLongestDelay;
        internal double RetryLongestWait;
        internal IntPtr Transport;
        internal IntPtr TransportContext;
        internal IntPtr Clock;
        internal IntPtr ClockContext;
        internal IntPtr Random;
        internal IntPtr RandomContext;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeUpdate
    {
        internal int Available;
        internal int IsMandatory;
        internal IntPtr LatestVersion;
        internal IntPtr DownloadUrl;
        internal IntPtr ReleaseNotes;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeSession
    {
        internal IntPtr Id;
        internal long ExpiresAt;
        internal long ActiveSessions;
        internal long MaxUsers;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeMeter
    {
        internal IntPtr Id;
        internal double Used;
        internal double Reserved;
        internal int HasLimit;
        internal double Limit;
        internal double Remaining;
        internal IntPtr Reservation;
        internal long ExpiresAt;
    }
}
