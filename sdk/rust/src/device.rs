//! The device: a fingerprint and hashed components of the machine.

use crate::ffi;
use crate::Error;
use std::ffi::{c_char, CString};
use std::fmt;
use std::ptr;

/// What an app sends of its device: a fingerprint, and hashed components by name.
pub struct Device(*mut ffi::Device);

// SAFETY: the C library does not change a device after it was made.
unsafe impl Send for Device {}
unsafe impl Sync for Device {}

/// Texts for the C library, with the pairs that point at them.
struct Pairs {
    _texts: Vec<(CString, Option<CString>)>,
    pairs: Vec<ffi::Pair>,
}

impl Pairs {
    fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Pairs {
        let texts: Vec<_> =
            pairs.into_iter().map(|(name, value)| (ffi::c_text(name), value.map(ffi::c_text))).collect();
        let pairs = texts
            .iter()
            .map(|(name, value)| ffi::Pair {
                name: name.as_ptr(),
                value: value.as_ref().map_or(ptr::null(), |value| value.as_ptr()),
            })
            .collect();
        Pairs { _texts: texts, pairs }
    }
}

impl Device {
    /// The device of this machine: the id of its system, the serial number of its board and the address of its network
    /// card, each hashed with the product's code. Reads files and registry; under macOS and Windows it runs programs of
    /// the system.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) when nothing identifies the machine, as in some
    /// containers.
    pub fn machine(product: &str) -> Result<Device, Error> {
        let product = ffi::c_text(product);
        Device::make(|device, error| {
            // SAFETY: the texts live until the call has returned; so in the calls below.
            unsafe { ffi::latchkey_machine_device(product.as_ptr(), device, error) }
        })
    }

    /// A device from parts of the machine, each with its name. Placeholders and parts without a value are dropped. The
    /// first that is left is the fingerprint, all are components: put first what stays the same for every user of the
    /// machine. Values are hashed with `product` as salt.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) when no part identifies the machine.
    pub fn of<'a>(product: &str, parts: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Result<Device, Error> {
        let product = ffi::c_text(product);
        let Pairs { _texts, pairs } = Pairs::of(parts);
        Device::make(|device, error| unsafe {
            ffi::latchkey_device_of(product.as_ptr(), pairs.as_ptr(), pairs.len(), device, error)
        })
    }

    /// A device with a fingerprint of the app's own, 1 to 255 bytes, and at most 16 components, which are sent as they
    /// are.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for what the server would refuse.
    pub fn new<'a>(
        fingerprint: &str,
        components: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Device, Error> {
        let fingerprint = ffi::c_text(fingerprint);
        let components = components.into_iter().map(|(name, value)| (name, Some(value)));
        let Pairs { _texts, pairs } = Pairs::of(components);
        Device::make(|device, error| unsafe {
            let values = if pairs.is_empty() { ptr::null() } else { pairs.as_ptr() };
            ffi::latchkey_device_new(fingerprint.as_ptr(), values, pairs.len(), device, error)
        })
    }

    fn make(
        call: impl FnOnce(*mut *mut ffi::Device, *mut *mut ffi::Failure) -> std::ffi::c_int,
    ) -> Result<Device, Error> {
        let (mut device, mut error) = (ptr::null_mut(), ptr::null_mut());
        match call(&mut device, &mut error) {
            ffi::OK => Ok(Device(device)),
            // SAFETY: a call that failed has made an error, or NULL.
            result => Err(unsafe { Error::take(result, error) }),
        }
    }

    pub(crate) fn as_ptr(&self) -> *const ffi::Device {
        self.0
    }

    /// What the device is recognised by.
    pub fn fingerprint(&self) -> &str {
        // SAFETY: the text belongs to the device.
        unsafe { borrow(ffi::latchkey_device_fingerprint(self.0)) }
    }

    /// Names and values of the components.
    pub fn components(&self) -> impl Iterator<Item = (&str, &str)> {
        // SAFETY: the texts belong to the device.
        let count = unsafe { ffi::latchkey_device_component_count(self.0) };
        (0..count).map(|index| unsafe {
            let pair = ffi::latchkey_device_component(self.0, index);
            (borrow(pair.name), borrow(pair.value))
        })
    }
}

unsafe fn borrow<'a>(text: *const c_char) -> &'a str {
    if text.is_null() {
        return "";
    }
    std::ffi::CStr::from_ptr(text).to_str().unwrap_or("")
}

impl fmt::Debug for Device {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Device").field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: it was made by the C library, and the client has a copy.
        unsafe { ffi::latchkey_device_free(self.0) }
    }
}
