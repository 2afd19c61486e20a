//! Labels from a CSV file.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

use super::Row;
use crate::labels::{Kind, LabelData, Name, Text};

/// The columns that are no text of a label.
const OTHERS: [&str; 5] = ["kind", "key", "surname", "forename", "digits"];

/// One column of a file.
pub fn column(file: &Path, wanted: &str) -> anyhow::Result<Vec<String>> {
    let mut reader = open(file)?;
    let headers = reader.headers()?.clone();
    let at = headers.iter().position(|header| header.trim() == wanted);
    let at = at.ok_or_else(|| anyhow!("{}: a column {wanted} is needed", file.display()))?;
    let rows = reader.records().map(|row| Ok(row?.get(at).unwrap_or_default().trim().to_owned()));
    rows.filter(|row| !matches!(row, Ok(text) if text.is_empty())).collect()
}

/// The labels of a file, one after another: a file of a hundred thousand is not held in memory.
pub fn sheet(file: &Path) -> anyhow::Result<impl Iterator<Item = Row> + use<>> {
    let mut reader = open(file)?;
    let headers = reader.headers()?.clone();
    let mut columns = Vec::with_capacity(headers.len());
    for header in headers.iter().map(str::trim) {
        columns.push(column_of(header).with_context(|| file.display().to_string())?);
    }
    let has_key = columns.iter().any(|column| matches!(column, Column::Other("key")));
    if !has_key {
        bail!("{}: a column key is needed", file.display());
    }
    Ok(reader.into_records().map(move |row| {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        label(&columns, &row).with_context(|| format!("line {line}"))
    }))
}

fn open(file: &Path) -> anyhow::Result<csv::Reader<std::fs::File>> {
    let reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file);
    reader.with_context(|| format!("reading {}", file.display()))
}

/// What a column is.
enum Column {
    Other(&'static str),
    Text(Text),
}

fn column_of(header: &str) -> anyhow::Result<Column> {
    if let Some(name) = OTHERS.iter().find(|name| **name == header) {
        return Ok(Column::Other(name));
    }
    let text = Text::deserialize(StrDeserializer::<Error>::new(header));
    text.map(Column::Text).map_err(|error| anyhow!("column {header}: {error}"))
}

fn label(columns: &[Column], row: &csv::StringRecord) -> Row {
    let mut data = LabelData::new(Kind::Volume, "");
    let (mut surname, mut given) = (String::new(), String::new());
    for (column, value) in columns.iter().zip(row) {
        match column {
            Column::Text(text) => data = data.with(*text, value),
            Column::Other("kind") => {
                let kind = Kind::deserialize(StrDeserializer::<Error>::new(value));
                data.kind = kind.map_err(|error| anyhow!("kind: {error}"))?;
            }
            Column::Other("key") => value.clone_into(&mut data.key),
            Column::Other("surname") => value.clone_into(&mut surname),
            Column::Other("forename") => value.clone_into(&mut given),
            Column::Other(_) => value.clone_into(&mut data.digits),
        }
    }
    data.name = (!surname.is_empty() || !given.is_empty()).then_some(Name { surname, given });
    Ok(data)
}
