//! Every table of the schema and how it comes into the second copy. A migration that adds a table gives it its class
//! here.

/// How a table's rows come into the copy, and out of it again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Rows are added, each with a greater `key` than all before, and none is ever changed.
    Added {
        /// The column that grows.
        key: &'static str,
    },
    /// Rows are added likewise; those that are changed afterwards stand in `touched` with their key.
    Changed {
        /// The column that grows.
        key: &'static str,
    },
    /// Rows are added together with a row of another table, and found by it.
    Beside {
        /// The table that they are added with.
        of: &'static str,
        /// The column that holds its key.
        by: &'static str,
        /// The columns that tell a row from all others.
        unique: &'static str,
        /// The rows that `touched` means by `:row`.
        touched: &'static str,
    },
    /// Rows are found by `touched` alone.
    Touched {
        /// The column that stands there.
        unique: &'static str,
    },
    /// Rebuilt from what is copied.
    Rebuilt,
    /// Of the one file alone: not copied.
    Own,
}

/// A table and its class.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How it is copied.
    pub class: Class,
}

const fn added(name: &'static str) -> Table {
    Table { name, class: Class::Added { key: "key" } }
}

const fn changed(name: &'static str) -> Table {
    Table { name, class: Class::Changed { key: "key" } }
}

const fn rebuilt(name: &'static str) -> Table {
    Table { name, class: Class::Rebuilt }
}

/// The table of what was changed in place.
pub const TOUCHED: &str = "touched";

/// All tables; tables of another stand behind it.
pub const TABLES: &[Table] = &[
    Table { name: TOUCHED, class: Class::Added { key: "at" } },
    added("word"),
    changed("place"),
    changed("staff"),
    changed("patient"),
    Table {
        name: "patient_number",
        class: Class::Beside {
            of: "patient",
            by: "patient",
            unique: "number, site",
            touched: "patient = :row",
        },
    },
    // How many volumes it has is counted anew.
    changed("casenote"),
    changed("volume"),
    // The label that a volume is added with is the barcode of its row.
    Table { name: "label", class: Class::Touched { unique: "text" } },
    added("hold"),
    // Its newest scan is looked up anew.
    added("desk"),
    added("session"),
    added("run"),
    added("batch"),
    added("scan"),
    Table { name: "scan_text", class: Class::Changed { key: "scan" } },
    added("movement"),
    added("undo"),
    changed("question"),
    changed("print_job"),
    Table {
        name: "print_label",
        class: Class::Beside {
            of: "print_job",
            by: "job",
            unique: "job, at",
            touched: "job = :row >> 16 AND at = :row & 65535",
        },
    },
    added("scanner_pairing"),
    added("search_step"),
    added("combine_step"),
    changed("appointment"),
    added("clinic_list"),
    added("sweep"),
    added("sweep_step"),
    Table { name: "volume_known", class: Class::Added { key: "upto" } },
    added("volume_was"),
    added("place_was"),
    rebuilt("whereabouts"),
    rebuilt("search"),
    rebuilt("combine"),
    rebuilt("name_piece"),
    Table { name: "meta", class: Class::Own },
    // An import that was cut off begins anew after a restore; what is in already is the same.
    Table { name: "import_unfinished", class: Class::Own },
    Table { name: "import_aside", class: Class::Own },
];

/// The statements by which a table is copied. They are made of its names, so that they begin with a blank: the test of
/// all statements takes those that stand whole in the source, and the test here takes these.
#[derive(Debug)]
pub struct Reads {
    /// Its name.
    pub name: &'static str,
    /// The table whose place in the copy says how far this one is copied: its own, or the one that it stands beside.
    pub of: &'static str,
    /// The column of the key by which it is.
    pub by: Option<&'static str>,
    /// The columns that tell a row from all others, where a row may come twice.
    pub unique: Option<&'static str>,
    /// Its newest key; `None` where another table's counts.
    pub newest: Option<String>,
    /// Rows added after `:after`: `:limit` of them, or all up to `:upto` where another table says how far.
    pub added: Option<String>,
    /// The rows that `touched` means by `:row`.
    pub touched: Option<String>,
}

impl Reads {
    /// The statements of a table that is copied.
    pub fn of(table: &Table) -> Option<Self> {
        let name = table.name;
        let newest = |key| format!(" SELECT ifnull(max({key}), 0) FROM {name}");
        let added = |key| format!(" SELECT * FROM {name} WHERE {key} > :after ORDER BY {key} LIMIT :limit");
        let meant = |rows: &str| format!(" SELECT * FROM {name} WHERE {rows}");
        let nothing =
            Self { name, of: name, by: None, unique: None, newest: None, added: None, touched: None };
        Some(match table.class {
            Class::Added { key } => {
                Self { by: Some(key), newest: Some(newest(key)), added: Some(added(key)), ..nothing }
            }
            Class::Changed { key } => Self {
                by: Some(key),
                unique: Some(key),
                newest: Some(newest(key)),
                added: Some(added(key)),
                touched: Some(meant(&format!("{key} = :row"))),
                ..nothing
            },
            Class::Beside { of, by, unique, touched } => Self {
                of,
                by: Some(by),
                unique: Some(unique),
                added: Some(meant(&format!("{by} > :after AND {by} <= :upto"))),
                touched: Some(meant(touched)),
                ..nothing
            },
            Class::Touched { unique } => {
                Self { unique: Some(unique), touched: Some(meant(&format!("{unique} = :row"))), ..nothing }
            }
            Class::Rebuilt | Class::Own => return None,
        })
    }

    /// The statement that puts a row with these columns where it belongs. A row that may have been there is brought up
    /// to date; one that is only ever added must be new.
    pub fn put(&self, columns: &[String]) -> String {
        let (names, marks) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
        let insert = format!(" INSERT INTO {} ({names}) VALUES ({marks})", self.name);
        // Of what was changed twice, the newer change counts.
        let unique = if self.name == TOUCHED { Some("tab, row") } else { self.unique };
        let Some(unique) = unique else { return insert };
        let sets: Vec<_> = columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        format!("{insert} ON CONFLICT ({unique}) DO UPDATE SET {}", sets.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use super::super::super::{migrate::MIGRATIONS, names};
    use super::*;

    fn newest() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        names::teach(&conn).unwrap();
        for sql in MIGRATIONS {
            conn.execute_batch(sql).unwrap();
        }
        conn
    }

    #[test]
    fn every_table_of_the_schema_has_a_class() {
        let conn = newest();
        let mut named = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
        let there: BTreeSet<String> =
            named.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let there: BTreeSet<&str> =
            there.iter().map(String::as_str).filter(|name| !name.starts_with("name_piece_")).collect();
        assert_eq!(there, TABLES.iter().map(|table| table.name).collect());
    }

    #[test]
    fn what_is_changed_in_place_has_a_trigger_that_says_so_and_what_is_only_added_can_be_seen_to_be() {
        let conn = newest();
        for table in TABLES {
            let count = |pattern: &str| -> i64 {
                let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 AND sql LIKE ?2";
                conn.query_row(sql, [table.name, pattern], |row| row.get(0)).unwrap()
            };
            let told =
                matches!(table.class, Class::Changed { .. } | Class::Beside { .. } | Class::Touched { .. });
            assert_eq!(count("%INTO touched%"), i64::from(told), "{}", table.name);
        }
    }

    #[test]
    fn no_statement_of_the_copy_walks_a_table() {
        let conn = newest();
        for reads in TABLES.iter().filter_map(Reads::of) {
            for sql in [&reads.newest, &reads.added, &reads.touched].into_iter().flatten() {
                let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let steps: Vec<String> =
                    plan.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>().unwrap();
                let walks = steps.iter().any(|step| step.starts_with("SCAN") || step.contains("TEMP B-TREE"));
                assert!(!walks, "{sql}: {steps:?}");
            }
        }
    }
}
