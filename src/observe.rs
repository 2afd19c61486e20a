//! Logs: structured, on stderr, without patient data.
//!
//! A line names desks, scanners, kinds, counts and incident numbers; never a name, a number of a patient, a folder's
//! label or what a scanner read.

use std::fmt;
use std::io;
use std::str::FromStr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Names the lines that are written, in the form of `tracing`'s filters.
pub const FILTER_VARIABLE: &str = "CASETRACK_LOG";
/// Names the form of a line: `text` or `json`.
pub const FORMAT_VARIABLE: &str = "CASETRACK_LOG_FORMAT";
/// What is written where nothing else is said.
const DEFAULT_FILTER: &str = "info";

/// The form of a line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A form that there is not.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("\"{0}\" is no form of the log: write text or json")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;
    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(UnknownFormat(other.to_owned())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum NoLog {
    /// The form is unknown.
    #[error("{FORMAT_VARIABLE}")]
    Format(#[from] UnknownFormat),
    /// The filter cannot be read.
    #[error(
        "{FILTER_VARIABLE} or --log \"{filter}\" is no filter: write one such as info or casetrack::store=debug"
    )]
    Filter {
        /// What stood there.
        filter: String,
        /// Why it cannot be read.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
}

/// Starts logging to stderr. What the command line says counts before the environment.
pub fn start(format: Option<Format>, filter: Option<&str>) -> Result<(), NoLog> {
    let variable = |name| std::env::var(name).ok().filter(|text: &String| !text.is_empty());
    let format = match format {
        Some(format) => format,
        None => variable(FORMAT_VARIABLE).map_or(Ok(Format::default()), |text| text.parse())?,
    };
    let filter = filter.map(str::to_owned).or_else(|| variable(FILTER_VARIABLE));
    let dispatch = to(io::stderr, format, filter.as_deref().unwrap_or(DEFAULT_FILTER))?;
    // A second start, in one process, keeps the first.
    let _ = tracing::dispatcher::set_global_default(dispatch);
    Ok(())
}

/// Logging to any writer.
pub fn to<W>(writer: W, format: Format, filter: &str) -> Result<tracing::Dispatch, NoLog>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter =
        EnvFilter::try_new(filter).map_err(|source| NoLog::Filter { filter: filter.to_owned(), source })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false);
    Ok(match format {
        Format::Text => tracing::Dispatch::new(builder.finish()),
        Format::Json => tracing::Dispatch::new(builder.json().flatten_event(true).finish()),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(format: Format, filter: &str) -> String {
        let page = Page::default();
        let writer = page.clone();
        let dispatch = to(move || writer.clone(), format, filter).unwrap();
        tracing::dispatcher::with_default(&dispatch, || {
            tracing::info!(desk.code = "LIB-1", "ready");
            tracing::debug!("detail");
        });
        let bytes = page.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_is_text_or_json_and_debug_is_left_out() {
        let text = lines(Format::Text, "info");
        assert!(text.contains("ready desk.code=\"LIB-1\"") && !text.contains("detail"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&lines(Format::Json, "info")).unwrap();
        assert_eq!((&json["message"], &json["desk.code"]), (&"ready".into(), &"LIB-1".into()));
    }

    #[test]
    fn a_wrong_form_or_filter_says_what_to_write() {
        assert_eq!(
            "xml".parse::<Format>().unwrap_err().to_string(),
            "\"xml\" is no form of the log: write text or json"
        );
        let error = to(io::stderr, Format::Text, "casetrack=loud").unwrap_err().to_string();
        assert!(error.contains("is no filter: write one such as info"), "{error}");
    }
}
