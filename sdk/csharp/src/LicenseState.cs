// The states of a license on a device.
namespace Latchkey
{
    /// <summary>The state of a license on a device, which an app decides by. Later versions may add some.</summary>
    public enum LicenseState
    {
        /// <summary>The license may be used.</summary>
        Valid = 0,

        /// <summary>It has expired and may be used until its grace period ends: ask for a renewal.</summary>
        Grace = 1,

        /// <summary>It may be used, but the server was not reached for a while: ask for a connection.</summary>
        OfflineGrace = 2,

        /// <summary>The license, its license file or the time without a connection has ended.</summary>
        Expired = 3,

        /// <summary>The vendor has disabled it, or its first day has not come; <see cref="LicenseStatus.Code"/>
        /// tells which.</summary>
        Disabled = 4,

        /// <summary>There is no license on this device yet: ask for a license key.</summary>
        NotActivated = 5,

        /// <summary>It is used on as many devices as it allows.</summary>
        LimitReached = 6,

        /// <summary>The license file was revoked by a status list.</summary>
        Revoked = 7,

        /// <summary>The license file is for another device.</summary>
        WrongMachine = 8,

        /// <summary>It does not include this version of the app.</summary>
        VersionNotEntitled = 9,

        /// <summary>The clock is more than an hour behind what the server has signed.</summary>
        ClockTampered = 10,

        /// <summary>There is no such license, or the file is damaged or not the vendor's.</summary>
        Invalid = 11,
    }
}
