//! Values of JSON: entitlements, claims of a license file, details of an error.

use crate::value_reader::Reader;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A value of JSON, such as that of an entitlement.
///
/// ```
/// use latchkey::Value;
///
/// let claims: Value = r#"{"customer":{"name":"Lumen Ltd"},"max_users":3}"#.parse()?;
/// assert_eq!(claims.get("customer").and_then(|customer| customer.get("name")?.as_str()), Some("Lumen Ltd"));
/// assert_eq!(claims.get("max_users").and_then(Value::as_f64), Some(3.0));
/// # Ok::<(), latchkey::InvalidJson>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// null
    #[default]
    Null,
    /// true or false
    Bool(bool),
    /// A number. Integers are exact up to 2^53 - 1.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object; where a name is there twice, the last one counts.
    Object(BTreeMap<String, Value>),
}

impl Value {
    /// The member of an object; None for other values, and where there is no such member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// True or false; None for other values.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number; None for other values.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The text; None for other values.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The list; None for other values.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(value) => Some(value),
            _ => None,
        }
    }

    /// The members of the object; None for other values.
    pub fn as_object(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Value::Object(value) => Some(value),
            _ => None,
        }
    }
}

/// A text that is not JSON, or nested more than 128 deep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidJson {
    /// The byte at which reading ended.
    pub at: usize,
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "The text is no JSON from byte {} on.", self.at)
    }
}

impl std::error::Error for InvalidJson {}

impl FromStr for Value {
    type Err = InvalidJson;

    fn from_str(text: &str) -> Result<Value, InvalidJson> {
        Reader::new(text).read()
    }
}

/// Writes JSON on one line. What JSON has no number for is null.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => formatter.write_str("null"),
            Value::Bool(value) => write!(formatter, "{value}"),
            Value::Number(value) if value.is_finite() => write!(formatter, "{value}"),
            Value::Number(_) => formatter.write_str("null"),
            Value::Text(value) => write_text(formatter, value),
            Value::List(values) => {
                formatter.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    write!(formatter, "{}{value}", if index > 0 { "," } else { "" })?;
                }
                formatter.write_str("]")
            }
            Value::Object(members) => {
                formatter.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    formatter.write_str(if index > 0 { "," } else { "" })?;
                    write_text(formatter, name)?;
                    write!(formatter, ":{value}")?;
                }
                formatter.write_str("}")
            }
        }
    }
}

fn write_text(formatter: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    formatter.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => formatter.write_str("\\\"")?,
            '\\' => formatter.write_str("\\\\")?,
            '\n' => formatter.write_str("\\n")?,
            '\u{0}'..='\u{1f}' => write!(formatter, "\\u{:04x}", u32::from(character))?,
            _ => write!(formatter, "{character}")?,
        }
    }
    formatter.write_str("\"")
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

/// null without a value.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Value {
    fn from(members: [(&str, Value); N]) -> Value {
        let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
        Value::Object(members.collect())
    }
}
