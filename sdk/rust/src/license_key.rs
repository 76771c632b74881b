//! License keys that were typed or pasted.

use crate::{ffi, Error};
use std::ptr;

/// A license key that was typed or pasted, to tell a user of a typing error at once. Calls read keys by themselves.
///
/// ```
/// let key = latchkey::LicenseKey::read(" “3ahr-z6dm-v29g-qy5m”. ")?;
/// assert_eq!(key.canonical, "3AHRZ6DMV29GQY5M");
/// assert!(!key.checksum_mismatch);
/// # Ok::<(), latchkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LicenseKey {
    /// The key without what pasting added, as it is sent.
    pub text: String,
    /// Equal for keys that count as the same.
    pub canonical: String,
    /// It has the form of a generated key, with a wrong check character: mistyped, or imported by the vendor.
    pub checksum_mismatch: bool,
}

impl LicenseKey {
    /// Reads what was typed or pasted.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for what can be no license key.
    pub fn read(typed: &str) -> Result<LicenseKey, Error> {
        let typed = ffi::c_text(typed);
        let (mut text, mut canonical, mut mismatch) = (ptr::null_mut(), ptr::null_mut(), 0);
        let mut error = ptr::null_mut();
        // SAFETY: the call makes both texts, or the error.
        unsafe {
            let (text_at, canonical_at) = (&mut text, &mut canonical);
            match ffi::latchkey_read_license_key(typed.as_ptr(), text_at, canonical_at, &mut mismatch, &mut error) {
                ffi::OK => Ok(LicenseKey {
                    text: ffi::take_text(text),
                    canonical: ffi::take_text(canonical),
                    checksum_mismatch: mismatch == 1,
                }),
                result => Err(Error::take(result, error)),
            }
        }
    }
}
